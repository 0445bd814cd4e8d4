package dev.detour.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTreeTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-05T07:08:09.5Z"), ZoneOffset.UTC);

    private final DemoPackages packages = new DemoPackages();

    @TempDir
    Path web;

    @Test
    void treeHasTheLayoutOfBandersnatch() throws IOException {
        DemoTree.write(packages, web, CLOCK);

        Set<String> expected = new TreeSet<>(packages.files().keySet());
        expected.add("last-modified");
        for (String directory : Set.of("simple", "simple/demo-tool-kit", "simple/demoapp", "simple/demolib")) {
            for (String page : Set.of("index.html", "index.v1_html", "index.v1_json")) {
                expected.add(directory + "/" + page);
            }
        }
        for (String name : Set.of("demo-tool-kit", "demoapp", "demolib")) {
            expected.add("json/" + name);
            expected.add("pypi/" + name + "/json");
        }
        assertThat(files()).isEqualTo(expected);
    }

    @Test
    void pagesAndFilesAreTheBytesOfTheIndex() throws IOException {
        DemoTree.write(packages, web, CLOCK);

        DemoProject library = packages.project("demolib").orElseThrow();
        assertThat(web.resolve("simple/demolib/index.v1_json")).hasBinaryContent(DemoPage.projectJson(library));
        assertThat(web.resolve("simple/demolib/index.v1_html")).hasBinaryContent(DemoPage.projectHtml(library));
        assertThat(web.resolve("simple/demolib/index.html")).hasBinaryContent(DemoPage.projectHtml(library));
        assertThat(web.resolve("simple/index.v1_json")).hasBinaryContent(DemoPage.indexJson(packages));
        assertThat(web.resolve("pypi/demolib/json")).hasBinaryContent(DemoJsonApi.project(library));
        packages.files()
                .forEach((path, content) -> assertThat(web.resolve(path)).hasBinaryContent(content));
    }

    @Test
    void mirrorSaysWhenItWasWrittenAndFilesWhenTheyWereUploaded() throws IOException {
        DemoTree.write(packages, web, CLOCK);

        DemoFile newest = packages.project("demolib").orElseThrow().files().get(4);
        assertThat(web.resolve("last-modified")).hasContent("20261105T07:08:09\n");
        assertThat(Files.getLastModifiedTime(web.resolve(newest.path())).toInstant())
                .isBetween(newest.uploaded().minusSeconds(1), newest.uploaded());
    }

    @Test
    void treeCanBeWrittenAgainOverAnOlderOne() throws IOException {
        DemoTree.write(packages, web, CLOCK);
        Set<String> before = files();

        DemoTree.write(packages, web, Clock.offset(CLOCK, Duration.ofDays(1)));

        assertThat(files()).isEqualTo(before);
        assertThat(web.resolve("last-modified")).hasContent("20261106T07:08:09\n");
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> paths = Files.walk(web)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> web.relativize(path).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
