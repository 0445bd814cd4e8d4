package dev.detour.mirror.page;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version in the order of PEP 440. Text that is no PEP 440 version is a legacy version: legacy versions sort before all
 * others and among themselves by text, so that the order is total. Equality is that of the order: {@code 1.0} equals
 * {@code 1.0.0}.
 */
public final class PythonVersion implements Comparable<PythonVersion> {
    // PEP 440, appendix B
    private static final Pattern GRAMMAR = Pattern.compile(
            "\\s*v?(?:(?<epoch>[0-9]+)!)?(?<release>[0-9]+(?:\\.[0-9]+)*)"
                    + "(?:[-_.]?(?<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<preNumber>[0-9]+)?)?"
                    + "(?<post>-(?<implicitPost>[0-9]+)|[-_.]?(?:post|rev|r)[-_.]?(?<postNumber>[0-9]+)?)?"
                    + "(?<dev>[-_.]?dev[-_.]?(?<devNumber>[0-9]+)?)?"
                    + "(?:\\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\\s*",
            Pattern.CASE_INSENSITIVE);

    /** No file name is longer; a client's text may be, and the grammar is matched by recursion. */
    private static final int MAX_LENGTH = 255;

    /** What fits a long for sure. */
    private static final int MAX_DIGITS = 18;

    // a version with only a dev segment precedes every pre-release; one without pre-release follows them all
    private static final int BEFORE_PRE = 0;
    private static final int ALPHA = 1;
    private static final int BETA = 2;
    private static final int CANDIDATE = 3;
    private static final int AFTER_PRE = 4;

    private final String text;
    private final boolean legacy;
    private final BigInteger epoch;
    private final List<BigInteger> release;
    private final int prePhase;
    private final BigInteger preNumber;
    private final @Nullable BigInteger post;
    private final @Nullable BigInteger dev;
    private final List<String> local;

    private PythonVersion(String text) {
        this.text = text;
        this.legacy = true;
        this.epoch = BigInteger.ZERO;
        this.release = List.of();
        this.prePhase = AFTER_PRE;
        this.preNumber = BigInteger.ZERO;
        this.post = null;
        this.dev = null;
        this.local = List.of();
    }

    private PythonVersion(String text, List<BigInteger> release) {
        this.text = text;
        this.legacy = false;
        this.epoch = BigInteger.ZERO;
        this.release = release;
        this.prePhase = AFTER_PRE;
        this.preNumber = BigInteger.ZERO;
        this.post = null;
        this.dev = null;
        this.local = List.of();
    }

    private PythonVersion(String text, Matcher parts) {
        this.text = text;
        this.legacy = false;
        this.epoch = number(parts.group("epoch"));
        this.release = release(parts.group("release"));
        this.preNumber = number(parts.group("preNumber"));
        String implicitPost = parts.group("implicitPost");
        this.post = parts.group("post") == null
                ? null
                : number(implicitPost == null ? parts.group("postNumber") : implicitPost);
        this.dev = parts.group("dev") == null ? null : number(parts.group("devNumber"));
        this.prePhase = phase(parts.group("pre"), post != null, dev != null);
        this.local = local(parts.group("local"));
    }

    /** Reads any text; what is no PEP 440 version becomes a legacy version. */
    public static PythonVersion of(String text) {
        if (text.length() > MAX_LENGTH) {
            return new PythonVersion(text);
        }
        if (isPlain(text)) {
            return new PythonVersion(text, plain(text));
        }
        Matcher parts = GRAMMAR.matcher(text);
        return parts.matches() ? new PythonVersion(text, parts) : new PythonVersion(text);
    }

    /** Whether it is numbers and dots alone, as most versions are: they need no grammar. */
    private static boolean isPlain(String text) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                if (++digits > MAX_DIGITS) {
                    return false;
                }
            } else if (c == '.' && digits > 0) {
                digits = 0;
            } else {
                return false;
            }
        }
        return digits > 0;
    }

    private static List<BigInteger> plain(String text) {
        List<BigInteger> numbers = new ArrayList<>(4);
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                numbers.add(BigInteger.valueOf(number));
                number = 0;
            } else {
                number = number * 10 + (c - '0');
            }
        }
        numbers.add(BigInteger.valueOf(number));
        return withoutFinalZeros(numbers);
    }

    /** Whether the text is no version by PEP 440. */
    public boolean isLegacy() {
        return legacy;
    }

    private static BigInteger number(@Nullable String digits) {
        return digits == null ? BigInteger.ZERO : new BigInteger(digits);
    }

    private static List<BigInteger> release(String dotted) {
        List<BigInteger> numbers = new ArrayList<>();
        for (String part : dotted.split("\\.", -1)) {
            numbers.add(new BigInteger(part));
        }
        return withoutFinalZeros(numbers);
    }

    private static List<BigInteger> withoutFinalZeros(List<BigInteger> numbers) {
        while (numbers.size() > 1 && numbers.get(numbers.size() - 1).signum() == 0) {
            numbers.remove(numbers.size() - 1);
        }
        return List.copyOf(numbers);
    }

    private static int phase(@Nullable String letters, boolean hasPost, boolean hasDev) {
        if (letters == null) {
            return !hasPost && hasDev ? BEFORE_PRE : AFTER_PRE;
        }
        return switch (letters.toLowerCase(Locale.ROOT)) {
            case "a", "alpha" -> ALPHA;
            case "b", "beta" -> BETA;
            default -> CANDIDATE;
        };
    }

    private static List<String> local(@Nullable String label) {
        return label == null
                ? List.of()
                : List.of(label.toLowerCase(Locale.ROOT).split("[-_.]", -1));
    }

    @Override
    public int compareTo(PythonVersion other) {
        if (legacy || other.legacy) {
            return legacy && other.legacy ? text.compareTo(other.text) : legacy ? -1 : 1;
        }
        int order = epoch.compareTo(other.epoch);
        order = order != 0 ? order : compareRelease(release, other.release);
        order = order != 0 ? order : Integer.compare(prePhase, other.prePhase);
        order = order != 0 ? order : preNumber.compareTo(other.preNumber);
        order = order != 0 ? order : compareOptional(post, other.post, -1);
        order = order != 0 ? order : compareOptional(dev, other.dev, 1);
        return order != 0 ? order : compareLocal(local, other.local);
    }

    private static int compareRelease(List<BigInteger> one, List<BigInteger> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int order = one.get(i).compareTo(other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), other.size());
    }

    private static int compareOptional(@Nullable BigInteger one, @Nullable BigInteger other, int whenOnlyOneIsMissing) {
        if (one == null || other == null) {
            return one == null && other == null ? 0 : one == null ? whenOnlyOneIsMissing : -whenOnlyOneIsMissing;
        }
        return one.compareTo(other);
    }

    private static int compareLocal(List<String> one, List<String> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int order = compareLocalPart(one.get(i), other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), other.size());
    }

    private static int compareLocalPart(String one, String other) {
        boolean oneIsNumber = isNumber(one);
        if (oneIsNumber != isNumber(other)) {
            return oneIsNumber ? 1 : -1;
        }
        return oneIsNumber ? new BigInteger(one).compareTo(new BigInteger(other)) : one.compareTo(other);
    }

    private static boolean isNumber(String part) {
        return part.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PythonVersion version && compareTo(version) == 0;
    }

    @Override
    public int hashCode() {
        // post, dev and local are left out: rare, and local parts may be equal with unequal text (1 and 01)
        return legacy ? text.hashCode() : 31 * (31 * epoch.hashCode() + release.hashCode()) + prePhase;
    }

    /** The version as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
