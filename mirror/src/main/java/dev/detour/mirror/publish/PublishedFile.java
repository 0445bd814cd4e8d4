package dev.detour.mirror.publish;

/**
 * A file of a generation.
 *
 * @param name in the generation's directory
 * @param sha256 of its bytes, and what it is published under
 * @param size in bytes
 */
record PublishedFile(String name, String sha256, long size) {
    /** Where it is in a publication. */
    String path() {
        return path(sha256);
    }

    static String path(String sha256) {
        return "objects/" + sha256.substring(0, 2) + "/" + sha256;
    }
}
