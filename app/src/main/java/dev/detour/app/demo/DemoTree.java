package dev.detour.app.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A static mirror of the demo packages on disk, in the layout of bandersnatch's {@code web} directory. */
public final class DemoTree {
    private static final DateTimeFormatter LAST_MODIFIED =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private DemoTree() {}

    /**
     * Writes the mirror into {@code web}, over what an earlier run left there.
     *
     * <p>The pages are the very bytes the index serves. {@code last-modified}, which says how fresh the mirror is, gets the
     * clock's time and is written last, so that a mirror that was cut short does not claim to be fresh.
     *
     * @param web the directory to serve, made if absent
     * @throws IOException if something cannot be written; the message has the path
     */
    public static void write(DemoPackages packages, Path web, Clock clock) throws IOException {
        writePages(web.resolve("simple"), DemoPage.indexHtml(packages), DemoPage.indexJson(packages));
        for (DemoProject project : packages.projects()) {
            String name = project.normalizedName();
            writePages(
                    web.resolve("simple").resolve(name), DemoPage.projectHtml(project), DemoPage.projectJson(project));
            byte[] document = DemoJsonApi.project(project);
            write(web.resolve("json").resolve(name), document);
            write(web.resolve("pypi").resolve(name).resolve("json"), document);
            writeFiles(web, project);
        }
        write(web.resolve("last-modified"), (LAST_MODIFIED.format(clock.instant()) + "\n").getBytes(US_ASCII));
    }

    private static void writePages(Path directory, byte[] html, byte[] json) throws IOException {
        write(directory.resolve("index.html"), html);
        write(directory.resolve("index.v1_html"), html);
        write(directory.resolve("index.v1_json"), json);
    }

    private static void writeFiles(Path web, DemoProject project) throws IOException {
        for (DemoFile file : project.files()) {
            Path path = web.resolve(file.path());
            write(path, file.content());
            Files.setLastModifiedTime(path, FileTime.from(file.uploaded()));
            byte[] metadata = file.metadata();
            if (metadata != null) {
                write(path.resolveSibling(file.filename() + ".metadata"), metadata);
            }
        }
    }

    private static void write(Path path, byte[] content) throws IOException {
        Files.createDirectories(path.getParent());
        Files.write(path, content);
    }
}
