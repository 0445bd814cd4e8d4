package dev.detour.mirror.promise;

import dev.detour.mirror.page.ReleaseFilename;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The links of a page that lead into the copy itself, and what the copy does not hold for them. */
public final class Promises {
    private static final Pattern OTHER_HOST = Pattern.compile("(?:[A-Za-z][A-Za-z0-9+.-]*:|//).*", Pattern.DOTALL);
    private static final String PACKAGES = "packages";

    /** The two names of the field that promises a {@code .metadata} file. */
    public static final List<String> METADATA_KEYS = List.of("core-metadata", "data-dist-info-metadata");

    private static final Pattern PROVENANCE_URL =
            Pattern.compile(".*/integrity/([^/?#]+)/([^/?#]+)/([^/?#]+)/provenance/?(?:[?#].*)?");

    private final Holds holds;
    private final String page;

    /**
     * Reads links as a client does.
     *
     * @param page URL path of the page, relative to the root of the copy, with its final slash
     */
    public Promises(Holds holds, String page) {
        this.holds = holds;
        this.page = page;
    }

    /** Whether the copy has a file, by its path from the root of the copy. */
    public interface Holds {
        boolean file(String path) throws IOException;
    }

    /** The path in the copy that a link stands for, or null if it leads to another host. */
    public @Nullable String inTree(String url) {
        if (OTHER_HOST.matcher(url).matches()) {
            return null;
        }
        String path = url.replaceFirst("[?#].*", "");
        return resolve(path.startsWith("/") ? path : page + path);
    }

    /** The place in the copy of a file whatever host its link names: by its digest path below {@code packages/}. */
    public static @Nullable String packagePath(String url) {
        int at = url.indexOf("/" + PACKAGES + "/");
        return at < 0 ? null : resolve(url.substring(at).replaceFirst("[?#].*", ""));
    }

    private static String resolve(String path) {
        Deque<String> segments = new ArrayDeque<>();
        for (String encoded : path.split("/", -1)) {
            String segment = decode(encoded);
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (segment.equals(PACKAGES)) {
                // the copy may be served below any prefix
                segments.clear();
                segments.add(segment);
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        return String.join("/", segments);
    }

    private static String decode(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }

    /**
     * Takes back the promise of a {@code .metadata} file that the copy would have to keep and cannot: pip fails hard on a
     * promised file that is missing.
     */
    public void withdrawMissingMetadata(ObjectNode file) throws IOException {
        String metadata = promisedMetadata(file);
        if (metadata != null && !holds.file(metadata)) {
            for (String key : METADATA_KEYS) {
                if (file.has(key)) {
                    file.put(key, false);
                }
            }
        }
    }

    /** Where the {@code .metadata} of a file is to be, if it is promised and the copy's own; or null. */
    public @Nullable String promisedMetadata(ObjectNode file) {
        JsonNode url = file.get("url");
        String path = url == null || !url.isString() || !promised(file) ? null : inTree(url.stringValue());
        return path == null ? null : path + ".metadata";
    }

    /** Where the attestations of a file are to be, if they are promised; or null. */
    public static @Nullable String promisedProvenance(ObjectNode file, String project, List<String> versions) {
        JsonNode provenance = file.get("provenance");
        return provenance == null || provenance.isNull() ? null : provenancePath(file, provenance, project, versions);
    }

    /** Takes back the promise of attestations that the copy lacks: they are served by the host that is down. */
    public void withdrawMissingProvenance(ObjectNode file, String project, List<String> versions) throws IOException {
        JsonNode provenance = file.get("provenance");
        if (provenance == null || provenance.isNull()) {
            return;
        }
        String path = provenancePath(file, provenance, project, versions);
        if (path == null || !holds.file(path)) {
            file.putNull("provenance");
        }
    }

    private static @Nullable String provenancePath(
            ObjectNode file, JsonNode provenance, String project, List<String> versions) {
        JsonNode filename = file.get("filename");
        if (!provenance.isString() || filename == null || !filename.isString()) {
            return null;
        }
        Matcher url = PROVENANCE_URL.matcher(provenance.stringValue());
        String version = url.matches() && filename.stringValue().equals(url.group(3))
                ? url.group(2)
                : ReleaseFilename.versionOf(filename.stringValue(), project, versions);
        return provenancePath(project, version, filename.stringValue());
    }

    /** Where a copy has the attestations of a file. */
    public static String provenancePath(String project, String version, String filename) {
        return "integrity/" + project + "/" + version + "/" + filename + "/provenance";
    }

    private static boolean promised(ObjectNode file) {
        for (String key : METADATA_KEYS) {
            JsonNode value = file.get(key);
            if (value != null && !value.isNull() && !(value.isBoolean() && !value.booleanValue())) {
                return true;
            }
        }
        return false;
    }
}
