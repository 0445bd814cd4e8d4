package dev.detour.admin.mirror;

import dev.detour.admin.mirror.MirroredPage.ListedFile;
import dev.detour.admin.mirror.MirroredPage.Standing;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.page.ReleaseFilename;
import dev.detour.mirror.tombstone.Target;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What of an index a tombstone reaches: the addresses at which the response cache may have kept something of its target, as
 * the preset's routes have them, and the surrogate key of the project.
 *
 * <p>Where files lie, and which releases there are, only a mirror knows; what none lists has to be purged by hand.
 *
 * @param urls without host: what is kept for any host is meant
 * @param warnings for the operator
 */
record Extent(List<String> urls, List<String> keys, List<String> warnings) {
    private static final URI SIMPLE = URI.create("https://index.invalid/simple/");

    /** Asks the mirrors, which read files. */
    static Extent of(Target target, Collection<Mirror> mirrors) {
        Collector collector = new Collector(target);
        for (String project : target.projects()) {
            collector.project(project, mirrors);
        }
        return collector.extent(mirrors.isEmpty());
    }

    /** The addresses as they are found. */
    private static final class Collector {
        private final Target target;
        private final Set<String> urls = new LinkedHashSet<>();
        private final Set<String> keys = new LinkedHashSet<>();
        private boolean found;
        private boolean unknown;

        Collector(Target target) {
            this.target = target;
        }

        void project(String project, Collection<Mirror> mirrors) {
            keys.add("project/" + project);
            withAndWithoutSlash("/simple/" + project);
            withAndWithoutSlash("/pypi/" + project + "/json");
            if (target instanceof Target.Release release) {
                version(project, release.version().toString());
            }
            for (Mirror mirror : mirrors) {
                MirroredPage page = MirroredPage.of(project, mirror);
                unknown |= page.standing() == Standing.UNKNOWN;
                found |= page.standing() == Standing.LISTED && target instanceof Target.Project;
                for (ListedFile file : page.files()) {
                    file(project, file);
                }
            }
        }

        private void file(String project, ListedFile file) {
            String version = ReleaseFilename.versionOf(file.filename(), project, List.of());
            if (!target.covers(project, version, file.filename())) {
                return;
            }
            found = true;
            version(project, version);
            urls.add("/integrity/" + project + "/" + segment(version) + "/" + segment(file.filename()) + "/provenance");
            try {
                URI url = SIMPLE.resolve(project + "/").resolve(new URI(file.url()));
                if (url.getRawPath() != null && url.getRawPath().startsWith("/")) {
                    urls.add(url.getRawPath());
                    urls.add(url.getRawPath() + ".metadata");
                }
            } catch (URISyntaxException e) {
                // what no client can ask for is not kept
            }
        }

        private void version(String project, String version) {
            if (!version.isEmpty()) {
                withAndWithoutSlash("/pypi/" + project + "/" + segment(version) + "/json");
            }
        }

        private void withAndWithoutSlash(String path) {
            urls.add(path);
            urls.add(path + "/");
        }

        private static String segment(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }

        Extent extent(boolean noMirror) {
            List<String> warnings = new ArrayList<>();
            if (noMirror) {
                warnings.add("no mirror is configured");
            } else if (!found) {
                warnings.add(
                        unknown
                                ? "no mirror can tell now what belongs to " + target.text()
                                        + ": kept answers with files of it have to be purged by their URL"
                                : "no mirror has " + target.text() + " (is it spelled as the index spells it?)");
            }
            return new Extent(List.copyOf(urls), List.copyOf(keys), warnings);
        }
    }
}
