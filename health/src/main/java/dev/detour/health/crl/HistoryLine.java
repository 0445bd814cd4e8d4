package dev.detour.health.crl;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of a {@link CrlHistory}: a JSON object of strings and whole numbers.
 *
 * @param number of the CRL in decimal digits, or null
 */
record HistoryLine(
        Instant time,
        String source,
        String issuer,
        @Nullable String number,
        long bytes,
        long entries) {
    static final String BEGIN = "{\"time\":";

    /** Longer names are cut: a line is to stay a line. */
    private static final int LONGEST_NAME = 1_000;

    private static final int LONGEST_LINE = 16_384;
    private static final String TEXT = "\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"";
    private static final Pattern MEMBER =
            Pattern.compile("\\s*" + TEXT + "\\s*:\\s*(?:" + TEXT + "|(-?\\d{1,18})|null)\\s*(,|$)");

    private static final Pattern ESCAPED_WHEN_WRITTEN = Pattern.compile("[\"\\\\\\p{Cntrl}\\p{Cs}]");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");

    static HistoryLine of(String source, CrlFacts facts, Instant now) {
        BigInteger number = facts.number();
        return new HistoryLine(
                now,
                cut(source),
                cut(facts.issuer()),
                number == null ? null : number.toString(),
                facts.bytes(),
                facts.entries());
    }

    /** The object in this line, or null if it is not whole. */
    static @Nullable HistoryLine parse(String line) {
        String text = line.strip();
        if (text.length() > LONGEST_LINE || !text.startsWith("{") || !text.endsWith("}")) {
            return null;
        }
        Map<String, String> members = new HashMap<>();
        Matcher member = MEMBER.matcher(text.substring(1, text.length() - 1));
        int at = 0;
        while (at < member.regionEnd()) {
            member.region(at, member.regionEnd());
            if (!member.lookingAt()) {
                return null;
            }
            String value = member.group(2) == null ? member.group(3) : plain(member.group(2));
            if (value != null) {
                members.put(plain(member.group(1)), value);
            }
            at = member.end();
        }
        return of(members);
    }

    private static @Nullable HistoryLine of(Map<String, String> members) {
        String time = members.get("time");
        String source = members.get("source");
        String issuer = members.get("issuer");
        if (time == null || source == null || issuer == null) {
            return null;
        }
        try {
            return new HistoryLine(
                    Instant.parse(time),
                    source,
                    issuer,
                    members.get("number"),
                    Long.parseLong(members.getOrDefault("bytes", "")),
                    Long.parseLong(members.getOrDefault("entries", "")));
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }

    boolean isOf(String otherSource, String otherIssuer) {
        return source.equals(cut(otherSource)) && issuer.equals(cut(otherIssuer));
    }

    boolean isOf(HistoryLine other) {
        return source.equals(other.source) && issuer.equals(other.issuer);
    }

    /** Whether nothing has changed but the time. */
    boolean same(HistoryLine other) {
        return isOf(other)
                && bytes == other.bytes
                && entries == other.entries
                && (number == null ? other.number == null : number.equals(other.number));
    }

    CrlObservation observation() {
        return new CrlObservation(time, bytes, entries);
    }

    /** The line with its end. */
    String text() {
        return BEGIN + "\"" + time + "\",\"source\":\"" + escaped(source) + "\",\"issuer\":\"" + escaped(issuer)
                + "\",\"number\":" + (number == null ? "null" : "\"" + number + "\"") + ",\"bytes\":" + bytes
                + ",\"entries\":" + entries + "}\n";
    }

    private static String cut(String name) {
        return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
    }

    private static String escaped(String text) {
        return ESCAPED_WHEN_WRITTEN.matcher(text).replaceAll(each -> {
            char character = each.group().charAt(0);
            boolean visible = character == '"' || character == '\\';
            return Matcher.quoteReplacement(visible ? "\\" + character : String.format("\\u%04x", (int) character));
        });
    }

    private static String plain(String escaped) {
        return ESCAPE.matcher(escaped).replaceAll(each -> {
            String kind = each.group(1);
            return Matcher.quoteReplacement(
                    switch (kind) {
                        case "n" -> "\n";
                        case "t" -> "\t";
                        case "r" -> "\r";
                        case "b" -> "\b";
                        case "f" -> "\f";
                        default ->
                            kind.length() == 1
                                    ? kind
                                    : Character.toString((char) Integer.parseInt(kind.substring(1), 16));
                    });
        });
    }
}
