package dev.detour.mirror.page;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The hash functions that Simple pages name, and how long their digests are in hex. */
final class Hashes {
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

    /** How many hex digits a digest of a known function has. */
    static int digits(String algorithm) {
        return LENGTHS.getOrDefault(algorithm, 0);
    }

    static boolean isDigest(String algorithm, String digest) {
        Integer length = LENGTHS.get(algorithm);
        return length != null && digest.length() == length && isHex(digest);
    }

    private static boolean isHex(String digest) {
        for (int i = 0; i < digest.length(); i++) {
            char c = digest.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) {
                return false;
            }
        }
        return !digest.isEmpty();
    }

    /** Moves the {@code algorithm=digest} parts of a fragment into an object; returns what is left of the fragment. */
    static String take(String fragment, ObjectNode hashes) {
        StringBuilder rest = new StringBuilder();
        for (String part : fragment.split("&", -1)) {
            int equals = part.indexOf('=');
            String algorithm = equals < 0 ? "" : part.substring(0, equals).toLowerCase(Locale.ROOT);
            String digest = part.substring(equals + 1);
            if (isKnown(algorithm) && isHex(digest)) {
                hashes.put(algorithm, digest);
            } else if (!part.isEmpty()) {
                rest.append(rest.isEmpty() ? "" : "&").append(part);
            }
        }
        return rest.toString();
    }
}
