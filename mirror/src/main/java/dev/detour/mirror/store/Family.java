package dev.detour.mirror.store;

import java.nio.charset.StandardCharsets;

/** A kind of row in the database. The names are on disk: never change one. */
enum Family {
    /** name → canonical JSON of the Simple page. */
    PAGE("page", true),
    /** name → {@link ProjectState}. */
    STATE("state", false),
    /** name → {@link ListEntry}. */
    LIST("list", false),
    /** name → {@link Task}. */
    TASK("task", false),
    /** name → JSON API document of the project. */
    DOCUMENT("document", true),
    /** name, version → JSON API document of the release. */
    RELEASE("release", true),
    /** name, version, filename → attestations. */
    PROVENANCE("provenance", true),
    /** path below packages/ → {@link StoredFile}. */
    FILE("file", false),
    /** what there is one of. */
    META("meta", false);

    private final String name;
    private final boolean large;

    Family(String name, boolean large) {
        this.name = name;
        this.large = large;
    }

    byte[] bytes() {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether a row is kilobytes rather than bytes. */
    boolean isLarge() {
        return large;
    }
}
