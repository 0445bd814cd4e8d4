package dev.detour.app.demo;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The documents of the JSON API (the older one, below {@code /pypi/}) for the demo projects.
 *
 * <p>One key of Warehouse's is missing: {@code digests.blake2b_256}, which the JDK cannot compute.
 */
final class DemoJsonApi {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private DemoJsonApi() {}

    /** {@code /pypi/<name>/json}: the latest release that is not yanked, and the files of every release. */
    static byte[] project(DemoProject project) {
        String latest = latest(project);
        ObjectNode document = document(project, latest, "../../");
        ObjectNode releases = document.putObject("releases");
        for (String version : project.versions()) {
            files(releases.putArray(version), project.filesOf(version), "../../");
        }
        return DemoPage.canonical(document);
    }

    /** {@code /pypi/<name>/<version>/json}, or nothing if there is no such version; {@code 1.0} means {@code 1.0.0} too. */
    static Optional<byte[]> release(DemoProject project, String version) {
        return project.versions().stream()
                .filter(each -> canonicalVersion(each).equals(canonicalVersion(version)))
                .findFirst()
                .map(each -> DemoPage.canonical(document(project, each, "../../../")));
    }

    private static String canonicalVersion(String version) {
        return version.replaceFirst("(\\.0+)+$", "");
    }

    private static String latest(DemoProject project) {
        List<DemoFile> kept =
                project.files().stream().filter(file -> file.yanked() == null).toList();
        List<DemoFile> candidates = kept.isEmpty() ? project.files() : kept;
        return candidates.get(candidates.size() - 1).version();
    }

    private static ObjectNode document(DemoProject project, String version, String root) {
        ObjectNode document = DemoPage.object();
        document.set("info", info(project, version));
        files(document.putArray("urls"), project.filesOf(version), root);
        document.putArray("vulnerabilities");
        document.put("last_serial", project.serial());
        ObjectNode ownership = document.putObject("ownership");
        ownership.putArray("roles").addObject().put("role", "Owner").put("user", "demo");
        ownership.putNull("organization");
        return document;
    }

    private static ObjectNode info(DemoProject project, String version) {
        DemoFile file = project.filesOf(version).get(0);
        ObjectNode info = DemoPage.object();
        info.put("name", project.name());
        info.put("version", version);
        info.put("summary", project.summary());
        info.put("description", project.summary() + ".\n");
        info.put("description_content_type", "text/plain");
        info.put("requires_python", file.requiresPython());
        putStrings(info, "requires_dist", project.requiresDist());
        putYanked(info, file.yanked());
        info.putObject("downloads").put("last_day", -1).put("last_week", -1).put("last_month", -1);
        String page = "https://index.demo/project/" + project.normalizedName() + "/";
        info.put("package_url", page);
        info.put("project_url", page);
        info.put("release_url", page + version + "/");
        info.putArray("classifiers");
        for (String unset : List.of(
                "keywords",
                "author",
                "author_email",
                "maintainer",
                "maintainer_email",
                "license",
                "home_page",
                "download_url")) {
            info.put(unset, "");
        }
        for (String absent : List.of(
                "license_expression",
                "license_files",
                "platform",
                "project_urls",
                "provides_extra",
                "docs_url",
                "bugtrack_url",
                "dynamic")) {
            info.putNull(absent);
        }
        return info;
    }

    private static void files(ArrayNode target, List<DemoFile> files, String root) {
        files.forEach(file -> target.add(file(file, root)));
    }

    private static ObjectNode file(DemoFile file, String root) {
        ObjectNode node = DemoPage.object();
        node.put("filename", file.filename());
        node.put("packagetype", file.isWheel() ? "bdist_wheel" : "sdist");
        node.put("python_version", file.isWheel() ? "py3" : "source");
        node.put("has_sig", false);
        node.put("comment_text", "");
        String md5 = Digests.hex("MD5", file.content());
        node.put("md5_digest", md5);
        node.putObject("digests").put("md5", md5).put("sha256", file.sha256());
        node.set("core-metadata", DemoPage.coreMetadata(file));
        node.put("size", file.content().length);
        node.put("downloads", -1);
        node.put("upload_time", SECONDS.format(file.uploaded()));
        node.put("upload_time_iso_8601", DemoPage.microseconds(file.uploaded()));
        node.put("url", root + file.path());
        node.put("requires_python", file.requiresPython());
        putYanked(node, file.yanked());
        return node;
    }

    private static void putYanked(ObjectNode node, @Nullable String reason) {
        node.put("yanked", reason != null);
        node.put("yanked_reason", reason);
    }

    private static void putStrings(ObjectNode node, String key, List<String> values) {
        if (values.isEmpty()) {
            node.putNull(key);
        } else {
            ArrayNode array = node.putArray(key);
            values.forEach(array::add);
        }
    }
}
