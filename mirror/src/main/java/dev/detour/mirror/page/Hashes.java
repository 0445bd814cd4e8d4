package dev.detour.mirror.page;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** The hash functions that Simple pages name, and how long their digests are in hex. */
final class Hashes {
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
    private static final Map<String, Integer> LENGTHS = lengths();

    private Hashes() {}

    private static Map<String, Integer> lengths() {
        Map<String, Integer> lengths = new HashMap<>();
        lengths.put("md5", 32);
        lengths.put("sha1", 40);
        for (String family : new String[] {"sha", "sha3_"}) {
            for (int bits : new int[] {224, 256, 384, 512}) {
                lengths.put(family + bits, bits / 4);
            }
        }
        lengths.put("blake2b", 128);
        lengths.put("blake2b_256", 64);
        lengths.put("blake2s", 64);
        return Map.copyOf(lengths);
    }

    static boolean isKnown(String algorithm) {
        return LENGTHS.containsKey(algorithm);
    }

    static boolean isDigest(String algorithm, String digest) {
        Integer length = LENGTHS.get(algorithm);
        return length != null
                && digest.length() == length
                && HEX.matcher(digest).matches();
    }

    /** Moves the {@code algorithm=digest} parts of a fragment into an object; returns what is left of the fragment. */
    static String take(String fragment, ObjectNode hashes) {
        StringBuilder rest = new StringBuilder();
        for (String part : fragment.split("&", -1)) {
            int equals = part.indexOf('=');
            String algorithm = equals < 0 ? "" : part.substring(0, equals).toLowerCase(Locale.ROOT);
            String digest = part.substring(equals + 1);
            if (isKnown(algorithm) && HEX.matcher(digest).matches()) {
                hashes.put(algorithm, digest);
            } else if (!part.isEmpty()) {
                rest.append(rest.isEmpty() ? "" : "&").append(part);
            }
        }
        return rest.toString();
    }
}
