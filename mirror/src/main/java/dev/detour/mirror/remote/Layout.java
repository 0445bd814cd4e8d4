package dev.detour.mirror.remote;

import org.jspecify.annotations.Nullable;

/**
 * Which of the places that a tree may keep its files in are used by this one, so that the others are not asked for.
 *
 * @param hashed whether projects are below their first letters ({@code hash-index}); null if that is not known
 * @param documents directory of the JSON documents, {@code pypi} or {@code json}; null if that is not known
 */
record Layout(@Nullable Boolean hashed, @Nullable String documents) {
    static final Layout UNKNOWN = new Layout(null, null);

    private static final int HASHED_SEGMENTS = 4;

    static String page(boolean hashed, String project, String file) {
        return "simple/" + (hashed ? project.charAt(0) + "/" : "") + project + "/" + file;
    }

    static String document(String directory, String project) {
        return directory.equals("pypi") ? "pypi/" + project + "/json" : "json/" + project;
    }

    boolean excludes(String relative) {
        if (relative.startsWith("simple/")) {
            return hashed != null && hashed != (relative.split("/", -1).length == HASHED_SEGMENTS);
        }
        boolean document = relative.startsWith("pypi/") || relative.startsWith("json/");
        return document && documents != null && !relative.startsWith(documents + "/");
    }
}
