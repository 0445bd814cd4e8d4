package dev.detour.health.crl;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How large a CRL may become, because what stores it takes no more in one value.
 *
 * @param name of the store, or the size as it was written
 */
public record CrlLimit(String name, long bytes) {
    /** Consul: {@code kv_max_value_size}. */
    public static final CrlLimit CONSUL = new CrlLimit("consul", 512 << 10);

    /** Vault's integrated storage: {@code max_entry_size}. */
    public static final CrlLimit RAFT = new CrlLimit("raft", 1 << 20);

    /** DynamoDB: an item. */
    public static final CrlLimit DYNAMODB = new CrlLimit("dynamodb", 400 << 10);

    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([A-Za-z]*)");
    private static final Map<String, Long> UNITS = Map.of(
            "",
            1L,
            "B",
            1L,
            "KiB",
            1L << 10,
            "MiB",
            1L << 20,
            "GiB",
            1L << 30,
            "KB",
            1_000L,
            "MB",
            1_000_000L,
            "GB",
            1_000_000_000L);

    /**
     * The limit written as the name of a store, or as a size such as {@code 524288}, {@code 512KiB} or {@code 2MB}.
     *
     * @throws IllegalArgumentException if it is anything else, or no byte at all
     */
    public static CrlLimit parse(String text) {
        CrlLimit limit = find(text);
        if (limit == null) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" (expected: consul, raft, dynamodb, or a size such as 512KiB, 2MB)");
        }
        return limit;
    }

    private static @Nullable CrlLimit find(String text) {
        for (CrlLimit named : new CrlLimit[] {CONSUL, RAFT, DYNAMODB}) {
            if (named.name.equals(text)) {
                return named;
            }
        }
        Matcher size = SIZE.matcher(text);
        Long unit = size.matches() ? UNITS.get(size.group(2)) : null;
        long bytes = unit == null ? 0 : Long.parseLong(size.group(1));
        return unit == null || bytes == 0 || bytes > Long.MAX_VALUE / unit ? null : new CrlLimit(text, bytes * unit);
    }

    /** How much of it so many bytes are; more than 1 is too much. */
    public double share(long size) {
        return (double) size / bytes;
    }
}
