package dev.detour.mirror.store;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.promise.Promises;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a page names and a store may keep beside it: what the index has taken off a page must not be served on.
 *
 * @param files release files, by path below {@code packages/}
 * @param versions releases
 * @param attestations paths as of {@link Promises#provenancePath}
 */
record Belongings(Set<String> files, Set<String> versions, Set<String> attestations) {
    static final Belongings NONE = new Belongings(Set.of(), Set.of(), Set.of());

    private static final String PACKAGES = "packages/";

    /** Those of a canonical page; of one that cannot be read nothing is known. */
    static Belongings of(String project, byte @Nullable [] page) {
        if (page == null) {
            return NONE;
        }
        ObjectNode root;
        try {
            root = CanonicalJson.readObject(page);
        } catch (PageFormatException e) {
            return NONE;
        }
        List<String> versions = new ArrayList<>();
        root.path("versions").forEach(version -> versions.add(version.asString()));
        Set<String> files = new HashSet<>();
        Set<String> attestations = new HashSet<>();
        Promises links = new Promises(path -> false, "simple/" + project + "/");
        for (JsonNode element : root.path("files")) {
            if (element instanceof ObjectNode file) {
                String path = path(file.path("url"), links);
                if (path != null) {
                    files.add(path);
                }
                String attestation = Promises.promisedProvenance(file, project, versions);
                if (attestation != null) {
                    attestations.add(attestation);
                }
            }
        }
        return new Belongings(files, new HashSet<>(versions), attestations);
    }

    private static @Nullable String path(JsonNode url, Promises links) {
        if (!url.isString()) {
            return null;
        }
        String own = links.inTree(url.stringValue());
        String path = own == null ? Promises.packagePath(url.stringValue()) : own;
        return path != null && path.startsWith(PACKAGES) ? path.substring(PACKAGES.length()) : null;
    }

    /** What is here and not there. */
    Belongings without(Belongings other) {
        return new Belongings(
                minus(files, other.files), minus(versions, other.versions), minus(attestations, other.attestations));
    }

    private static Set<String> minus(Set<String> from, Set<String> what) {
        Set<String> rest = new HashSet<>(from);
        rest.removeAll(what);
        return rest;
    }
}
