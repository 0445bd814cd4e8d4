package dev.detour.health.certificate;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A point in a certificate's life that an operator has named: a share of it that is used, or what is left of it. */
public sealed interface Threshold {
    /** When the point is reached. */
    Instant reached(CertificateFacts certificate);

    /**
     * A threshold as people write it: {@code 75%} of its life used, or {@code 30d} (also {@code 12h}) left.
     *
     * @throws IllegalArgumentException if it is neither; the message names the value and what was expected
     */
    static Threshold parse(String text) {
        Matcher percent = Syntax.PERCENT.matcher(text);
        if (percent.matches() && Integer.parseInt(percent.group(1)) <= Syntax.WHOLE) {
            return new Used(Integer.parseInt(percent.group(1)) / (double) Syntax.WHOLE);
        }
        Matcher left = Syntax.LEFT.matcher(text);
        if (left.matches()) {
            long number = Long.parseLong(left.group(1));
            return new Left(left.group(2).equals("d") ? Duration.ofDays(number) : Duration.ofHours(number));
        }
        throw new IllegalArgumentException(
                "\"" + text + "\" (expected: a share of its life such as 75%, or what is left such as 30d or 12h)");
    }

    /** When {@code share} (0 to 1) of its life has passed. */
    record Used(double share) implements Threshold {
        @Override
        public Instant reached(CertificateFacts certificate) {
            long millis = Math.round(certificate.lifetime().toMillis() * share);
            return certificate.notBefore().plusMillis(millis);
        }
    }

    /** When no more than {@code left} remains. */
    record Left(Duration left) implements Threshold {
        @Override
        public Instant reached(CertificateFacts certificate) {
            return certificate.notAfter().minus(left);
        }
    }

    /** How thresholds are written. */
    final class Syntax {
        private static final Pattern PERCENT = Pattern.compile("(\\d{1,3})\\s*%");
        private static final Pattern LEFT = Pattern.compile("(\\d{1,6})\\s*([dh])");
        private static final int WHOLE = 100;

        private Syntax() {}
    }
}
