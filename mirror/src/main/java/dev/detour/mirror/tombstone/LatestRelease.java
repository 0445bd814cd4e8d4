package dev.detour.mirror.tombstone;

import dev.detour.mirror.page.PythonVersion;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The release that a project's JSON API document speaks of, chosen anew from those left: not yanked before yanked, final
 * before pre-release, then the highest version, as the index chooses.
 *
 * <p>The document has no dependencies of any release but the one it spoke of. They become null, which makes resolvers read
 * them from the release's own files: those of a withheld release are never passed off as another's.
 */
final class LatestRelease {
    /** Of a PEP 440 version without its local part: a, b, c, rc, alpha, beta, pre, preview or dev; post, rev and r have none of these. */
    private static final Pattern PRE_RELEASE = Pattern.compile("[abcd]|pre");

    private record Candidate(String text, PythonVersion version, ArrayNode files) {
        static final Comparator<Candidate> ORDER = Comparator.comparing((Candidate each) -> !each.files.isEmpty())
                .thenComparing(each -> !isYanked(each.files))
                .thenComparing(Candidate::isFinal)
                .thenComparing(Candidate::version);

        private boolean isFinal() {
            String publicPart = text.replaceFirst("\\+.*", "").toLowerCase(Locale.ROOT);
            return !version.isLegacy() && !PRE_RELEASE.matcher(publicPart).find();
        }
    }

    private LatestRelease() {}

    /** Makes a document speak of the latest release in its {@code releases}; false if there is none. */
    static boolean repoint(ObjectNode root) {
        Candidate latest = null;
        if (root.get("releases") instanceof ObjectNode releases) {
            for (Map.Entry<String, JsonNode> release : releases.properties()) {
                if (release.getValue() instanceof ArrayNode files) {
                    Candidate next = new Candidate(release.getKey(), PythonVersion.of(release.getKey()), files);
                    latest = latest == null || Candidate.ORDER.compare(next, latest) > 0 ? next : latest;
                }
            }
        }
        if (latest == null || !(root.get("info") instanceof ObjectNode info)) {
            return false;
        }
        root.set("urls", latest.files().deepCopy());
        root.putArray("vulnerabilities");
        describe(info, latest);
        return true;
    }

    private static void describe(ObjectNode info, Candidate release) {
        boolean yanked = isYanked(release.files());
        info.put("version", release.text());
        put(info, "requires_python", firstText(release.files(), "requires_python"));
        info.putNull("requires_dist");
        info.putNull("provides_extra");
        info.put("yanked", yanked);
        put(info, "yanked_reason", yanked ? firstText(release.files(), "yanked_reason") : null);
        String url = info.path("package_url").asString("");
        if (url.endsWith("/")) {
            info.put("release_url", url + release.text() + "/");
        }
    }

    private static boolean isYanked(ArrayNode files) {
        boolean yanked = !files.isEmpty();
        for (JsonNode file : files) {
            yanked &= file.path("yanked").asBoolean(false);
        }
        return yanked;
    }

    private static @Nullable String firstText(ArrayNode files, String key) {
        for (JsonNode file : files) {
            String text = file.path(key).asString("");
            if (!text.isEmpty()) {
                return text;
            }
        }
        return null;
    }

    private static void put(ObjectNode object, String key, @Nullable String text) {
        if (text == null) {
            object.putNull(key);
        } else {
            object.put(key, text);
        }
    }
}
