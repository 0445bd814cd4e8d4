package dev.detour.mirror.tree;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The links of a page that lead into the tree itself, and what the tree does not hold for them. */
final class LocalLinks {
    private static final Pattern OTHER_HOST = Pattern.compile("(?:[A-Za-z][A-Za-z0-9+.-]*:|//).*", Pattern.DOTALL);
    private static final String PACKAGES = "packages";

    private final TreePaths paths;
    private final String page;

    /**
     * Reads links as a client does.
     *
     * @param page URL path of the page, relative to the tree, with its final slash
     */
    LocalLinks(TreePaths paths, String page) {
        this.paths = paths;
        this.page = page;
    }

    /** The path in the tree that a link stands for, or null if it leads to another host. */
    @Nullable String inTree(String url) {
        if (OTHER_HOST.matcher(url).matches()) {
            return null;
        }
        String path = url.replaceFirst("[?#].*", "");
        return resolve(path.startsWith("/") ? path : page + path);
    }

    /** The place in the tree of a file whatever host its link names: by its digest path below {@code packages/}. */
    static @Nullable String packagePath(String url) {
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
                // the tree may be served below any prefix
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
     * Takes back the promise of a {@code .metadata} file that the tree would have to keep and cannot: pip fails hard on a
     * promised file that is missing.
     */
    void withdrawMissingMetadata(ObjectNode file) throws IOException {
        JsonNode url = file.get("url");
        if (url == null || !url.isString() || !promised(file)) {
            return;
        }
        String path = inTree(url.stringValue());
        if (path != null && !paths.holds(path + ".metadata")) {
            for (String key : PageRepair.METADATA_KEYS) {
                if (file.has(key)) {
                    file.put(key, false);
                }
            }
        }
    }

    private static boolean promised(ObjectNode file) {
        for (String key : PageRepair.METADATA_KEYS) {
            JsonNode value = file.get(key);
            if (value != null && !value.isNull() && !(value.isBoolean() && !value.booleanValue())) {
                return true;
            }
        }
        return false;
    }
}
