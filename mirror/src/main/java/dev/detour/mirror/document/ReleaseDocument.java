package dev.detour.mirror.document;

import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.PythonVersion;
import dev.detour.mirror.promise.Promises;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON API document of one release, derived from its project's. For a release that is not the latest, dependencies come
 * from the {@code .metadata} of one of its wheels, or are null, which makes resolvers read the wheel; those of the latest
 * release would make them resolve wrongly.
 */
public final class ReleaseDocument {
    private final ObjectNode project;
    private final MetadataFiles files;

    /** Where {@code .metadata} files are read. */
    public interface MetadataFiles {
        /** The file of this path from the root of the copy, or null if there is none of a sensible size. */
        byte @Nullable [] read(String path) throws IOException;
    }

    /** Takes over the project's document. */
    public ReleaseDocument(ObjectNode project, MetadataFiles files) {
        this.project = project;
        this.files = files;
    }

    /**
     * The release's document; the project's is not to be used any more.
     *
     * @throws NoSuchReleaseException if the project has no such release
     * @throws PageFormatException if the project's document is none
     */
    public ObjectNode derive(String name, String version) throws IOException {
        if (!(project.remove("releases") instanceof ObjectNode releases)) {
            throw new PageFormatException("'releases' is missing (expected: an object)");
        }
        String key = match(releases, version);
        if (key == null) {
            throw new NoSuchReleaseException("release " + printable(version) + " of " + name + " is not among "
                    + releases.size() + " mirrored ones");
        }
        if (!(releases.get(key) instanceof ArrayNode released)) {
            throw new PageFormatException("'releases." + key + "' is not an array (expected: […])");
        }
        if (!(project.get("info") instanceof ObjectNode info)) {
            throw new PageFormatException("'info' is missing (expected: an object)");
        }
        project.set("urls", released);
        if (!isLatest(info, key)) {
            describe(info, key, released);
            project.putArray("vulnerabilities");
        }
        return project;
    }

    /** For the log: the version is the client's text. */
    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), 64)).replaceAll("\\p{Cntrl}", "?");
    }

    private static boolean isLatest(ObjectNode info, String version) {
        JsonNode latest = info.get("version");
        return latest != null
                && latest.isString()
                && PythonVersion.of(latest.stringValue()).equals(PythonVersion.of(version));
    }

    private void describe(ObjectNode info, String version, ArrayNode released) throws IOException {
        CoreMetadata metadata = metadata(version, released);
        info.put("version", version);
        String requiresPython = firstText(released, "requires_python");
        if (requiresPython == null && metadata != null) {
            requiresPython = metadata.requiresPython();
        }
        putText(info, "requires_python", requiresPython);
        putTexts(info, "requires_dist", metadata == null ? List.of() : metadata.requiresDist());
        putTexts(info, "provides_extra", metadata == null ? List.of() : metadata.providesExtra());
        boolean yanked = !released.isEmpty();
        for (JsonNode file : released) {
            JsonNode flag = file.get("yanked");
            yanked &= flag != null && flag.isBoolean() && flag.booleanValue();
        }
        info.put("yanked", yanked);
        putText(info, "yanked_reason", yanked ? firstText(released, "yanked_reason") : null);
        JsonNode projectUrl = info.get("package_url");
        if (projectUrl != null
                && projectUrl.isString()
                && projectUrl.stringValue().endsWith("/")) {
            info.put("release_url", projectUrl.stringValue() + version + "/");
        }
    }

    /** Metadata of the first wheel whose {@code .metadata} the tree holds. */
    private @Nullable CoreMetadata metadata(String version, ArrayNode entries) throws IOException {
        for (JsonNode file : entries) {
            JsonNode url = file.get("url");
            String path = url != null && url.isString() ? Promises.packagePath(url.stringValue()) : null;
            if (path != null && path.endsWith(".whl")) {
                byte[] found = files.read(path + ".metadata");
                CoreMetadata metadata = found == null ? null : CoreMetadata.parse(found);
                if (metadata != null && PythonVersion.of(metadata.version()).equals(PythonVersion.of(version))) {
                    return metadata;
                }
            }
        }
        return null;
    }

    private static @Nullable String firstText(ArrayNode files, String key) {
        for (JsonNode file : files) {
            JsonNode value = file.get(key);
            if (value != null && value.isString() && !value.stringValue().isEmpty()) {
                return value.stringValue();
            }
        }
        return null;
    }

    private static void putText(ObjectNode object, String key, @Nullable String text) {
        if (text == null) {
            object.putNull(key);
        } else {
            object.put(key, text);
        }
    }

    private static void putTexts(ObjectNode object, String key, List<String> texts) {
        if (texts.isEmpty()) {
            object.putNull(key);
        } else {
            ArrayNode array = object.putArray(key);
            texts.forEach(array::add);
        }
    }

    /** The key of a release: the exact text, else the only equal version; null if there is none or it is ambiguous. */
    static @Nullable String match(ObjectNode releases, String version) {
        if (releases.get(version) != null) {
            return version;
        }
        PythonVersion wanted = PythonVersion.of(version);
        String found = null;
        for (Map.Entry<String, JsonNode> release : releases.properties()) {
            if (wanted.equals(PythonVersion.of(release.getKey()))) {
                if (found != null) {
                    return null;
                }
                found = release.getKey();
            }
        }
        return found;
    }
}
