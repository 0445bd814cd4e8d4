package dev.detour.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class DemoPackagesTest {
    private final DemoPackages packages = new DemoPackages();

    @Test
    void everyRunMakesTheSameBytes() {
        Map<String, byte[]> again = new DemoPackages().files();

        assertThat(again.keySet()).isEqualTo(packages.files().keySet());
        again.forEach((path, content) ->
                assertThat(content).as(path).isEqualTo(packages.files().get(path)));
    }

    @Test
    void libraryOffersOneRightPickAmongTraps() {
        DemoProject library = packages.project("demolib").orElseThrow();

        assertThat(library.versions()).containsExactly("1.0.0", "1.1.0", "1.2.0", "2.0.0");
        assertThat(library.filesOf("1.1.0"))
                .extracting(DemoFile::filename)
                .containsExactly("demolib-1.1.0-py3-none-any.whl", "demolib-1.1.0.tar.gz");
        assertThat(library.filesOf("1.2.0")).extracting(DemoFile::yanked).containsExactly("breaks demoapp");
        assertThat(library.filesOf("2.0.0"))
                .extracting(DemoFile::requiresPython)
                .containsExactly(">=99");
    }

    @Test
    void projectIsFoundInAnySpelling() {
        assertThat(packages.project("DEMO__tool.-KIT")).map(DemoProject::name).contains("Demo.Tool_Kit");
        assertThat(packages.project("demo")).isEmpty();
    }

    @Test
    void projectsComeInTheOrderOfTheirNormalisedNames() {
        assertThat(packages.projects()).extracting(DemoProject::normalizedName).isSorted();
    }

    @Test
    void pathsHaveTheShapeOfPypis() {
        assertThat(packages.files().keySet())
                .allMatch(path -> path.matches("packages/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{60}/[^/]+"));
    }

    @Test
    void recordListsEveryMemberOfAWheelWithItsHashAndSize() throws IOException {
        for (DemoFile wheel : wheels()) {
            Map<String, byte[]> members = unzip(wheel.content());
            String recordPath = only(members, "RECORD");

            String record = new String(members.get(recordPath), UTF_8);

            StringBuilder expected = new StringBuilder();
            members.forEach((path, content) -> expected.append(
                    path.equals(recordPath)
                            ? path + ",,\n"
                            : path + ",sha256=" + Digests.urlSafe("SHA-256", content) + "," + content.length + "\n"));
            assertThat(record).as(wheel.filename()).isEqualTo(expected.toString());
        }
    }

    @Test
    void metadataFileIsTheOneInsideTheWheel() throws IOException {
        for (DemoFile wheel : wheels()) {
            Map<String, byte[]> members = unzip(wheel.content());

            byte[] served = packages.file(wheel.path() + ".metadata").orElseThrow();

            assertThat(served).as(wheel.filename()).isEqualTo(members.get(only(members, "METADATA")));
        }
    }

    @Test
    void applicationRequiresTheLibrary() {
        for (DemoFile wheel : packages.project("demoapp").orElseThrow().files()) {
            String metadata =
                    new String(packages.file(wheel.path() + ".metadata").orElseThrow(), UTF_8);

            assertThat(metadata)
                    .contains("\nRequires-Dist: demolib>=1.0\n")
                    .contains("\nVersion: " + wheel.version() + "\n");
        }
    }

    @Test
    void sourceDistributionIsAGzippedTarOfItsProject() throws IOException {
        DemoFile sdist = packages.project("demolib").orElseThrow().files().stream()
                .filter(file -> !file.isWheel())
                .findFirst()
                .orElseThrow();

        byte[] tar = new GZIPInputStream(new ByteArrayInputStream(sdist.content())).readAllBytes();

        assertThat(tar.length % 512).isZero();
        assertThat(new String(tar, UTF_8))
                .contains("demolib-1.1.0/PKG-INFO")
                .contains("demolib-1.1.0/pyproject.toml")
                .contains("demolib-1.1.0/demolib/__init__.py")
                .contains("build-backend = \"setuptools.build_meta\"");
    }

    private List<DemoFile> wheels() {
        return packages.projects().stream()
                .flatMap(project -> project.files().stream())
                .filter(DemoFile::isWheel)
                .toList();
    }

    private static String only(Map<String, byte[]> members, String name) {
        List<String> found = members.keySet().stream()
                .filter(path -> path.endsWith(".dist-info/" + name))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static Map<String, byte[]> unzip(byte[] archive) throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                members.put(entry.getName(), zip.readAllBytes());
            }
        }
        return members;
    }
}
