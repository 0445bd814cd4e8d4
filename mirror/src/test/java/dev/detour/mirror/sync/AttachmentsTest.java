package dev.detour.mirror.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.store.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttachmentsTest {
    private static final String JSON = "application/vnd.pypi.simple.v1+json";

    @TempDir
    private Path directory = Path.of("");

    private @Nullable SyncedMirror open;

    private SyncedMirror mirror(UnaryOperator<SyncedMirror.Options> options) throws IOException {
        SyncedMirror mirror = new SyncedMirror(directory, options);
        open = mirror;
        return mirror;
    }

    @AfterEach
    void close() throws IOException {
        if (open != null) {
            open.close();
        }
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A page with one wheel on the index itself, whose bytes and metadata have these texts. */
    private static String page(String project, String serial, String wheel, String metadata) throws Exception {
        return "{\"files\":[{\"core-metadata\":{\"sha256\":\"" + sha256(metadata) + "\"},\"filename\":\"" + project
                + "-1.0-py3-none-any.whl\",\"hashes\":{\"sha256\":\"" + sha256(wheel) + "\"},\"provenance\":"
                + "\"https://index.example.org/integrity/" + project + "/1.0/" + project
                + "-1.0-py3-none-any.whl/provenance\",\"size\":" + wheel.length() + ",\"url\":\"../../packages/aa/"
                + project + "-1.0-py3-none-any.whl\",\"yanked\":false}],\"meta\":{\"_last-serial\":" + serial
                + ",\"api-version\":\"1.4\"},\"name\":\"" + project + "\",\"versions\":[\"1.0\"]}\n";
    }

    private static void serve(SyncedMirror mirror, String project, String wheel, String metadata) throws Exception {
        mirror.index.put(project, "1.0");
        String serial = String.valueOf(mirror.index.serial.get());
        mirror.index.answer("/simple/" + project + "/", 200, JSON, page(project, serial, wheel, metadata));
        String file = "/packages/aa/" + project + "-1.0-py3-none-any.whl";
        mirror.index.answer(file, 200, "application/octet-stream", wheel);
        mirror.index.answer(file + ".metadata", 200, "text/plain", metadata);
        mirror.index.answer(
                "/integrity/" + project + "/1.0/" + project + "-1.0-py3-none-any.whl/provenance",
                200,
                "application/vnd.pypi.integrity.v1+json",
                "{\"version\":1}");
    }

    private static @Nullable String file(SyncedMirror mirror, String name) throws Exception {
        StoredFile file = mirror.store.live().file("aa/" + name);
        return file == null
                ? null
                : Files.readString(Objects.requireNonNull(mirror.store.files().path(file.sha256())));
    }

    @Test
    void metadataAndAttestationsComeWithThePage() throws Exception {
        SyncedMirror mirror = mirror(options -> options.files(SyncSettings.Files.METADATA));
        serve(mirror, "alpha", "wheel", "Name: alpha");

        mirror.run();

        assertThat(file(mirror, "alpha-1.0-py3-none-any.whl.metadata")).isEqualTo("Name: alpha");
        assertThat(file(mirror, "alpha-1.0-py3-none-any.whl")).isNull();
        assertThat(mirror.store.live().provenance("alpha", "1.0", "alpha-1.0-py3-none-any.whl"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"version\":1}");
    }

    @Test
    void attestationsThatAreKeptAreNotFetchedAgain() throws Exception {
        SyncedMirror mirror = mirror(options -> options);
        serve(mirror, "alpha", "wheel", "Name: alpha");
        mirror.run();
        serve(mirror, "alpha", "wheel", "Name: alpha");
        mirror.index.requests.clear();

        mirror.run();

        assertThat(mirror.index.requests).containsExactly("/simple/", "/simple/alpha/");
    }

    @Test
    void attachmentsThatCouldNotBeHadAreFetchedLaterThoughThePageIsTheSame() throws Exception {
        SyncedMirror mirror = mirror(options -> options.documents(SyncSettings.Documents.PROJECT));
        serve(mirror, "alpha", "wheel", "Name: alpha");
        mirror.index.answer("/pypi/alpha/json", 500, "text/plain", "no");
        SyncReport report = mirror.run();
        mirror.index.heal("/pypi/alpha/json");

        SyncReport later = mirror.runAfter(Duration.ofHours(1));

        assertThat(SyncedMirror.parked(report, "alpha")).endsWith("/pypi/alpha/json answered 500");
        assertThat(later.parkedCount()).isZero();
        assertThat(mirror.store.live().document("alpha"))
                .asString(StandardCharsets.UTF_8)
                .contains("\"name\":\"alpha\"");
    }

    @Test
    void aPageWhoseAdvertisedMetadataIsNotThereIsNotTakenAndNamed() throws Exception {
        SyncedMirror mirror = mirror(options -> options.files(SyncSettings.Files.METADATA));
        serve(mirror, "alpha", "wheel", "Name: alpha");
        mirror.run();
        String before = mirror.served("alpha");
        mirror.index.put("alpha", "1.0");
        String serial = String.valueOf(mirror.index.serial.get());
        mirror.index.answer(
                "/simple/alpha/",
                200,
                JSON,
                page("alpha", serial, "other wheel", "Name: other").replace("packages/aa", "packages/bb"));

        SyncReport report = mirror.runAfter(Duration.ofMinutes(5));

        assertThat(report.outcomes()).containsOnlyKeys(Outcome.INVALID);
        assertThat(SyncedMirror.parked(report, "alpha"))
                .isEqualTo("bb/alpha-1.0-py3-none-any.whl.metadata is advertised, and answered 404");
        assertThat(mirror.served("alpha")).isEqualTo(before);
    }

    @Test
    void aPageWhoseMetadataIsNotWhatItSaysIsNotTaken() throws Exception {
        SyncedMirror mirror = mirror(options -> options.files(SyncSettings.Files.METADATA));
        serve(mirror, "alpha", "wheel", "Name: alpha");
        mirror.index.answer("/packages/aa/alpha-1.0-py3-none-any.whl.metadata", 200, "text/plain", "Name: other");

        SyncReport report = mirror.run();

        assertThat(SyncedMirror.parked(report, "alpha"))
                .startsWith("aa/alpha-1.0-py3-none-any.whl.metadata has other bytes than its hash says");
        assertThat(mirror.served("alpha")).isNull();
    }

    @Test
    void oneInAHundredPagesHasItsMetadataLookedForWhereNoFilesAreKept() throws Exception {
        SyncedMirror mirror = mirror(options -> options);
        for (int i = 0; i < 400; i++) {
            String project = "project-" + i;
            serve(mirror, project, "wheel", "Name: " + project);
            mirror.index.answer(
                    "/packages/aa/" + project + "-1.0-py3-none-any.whl.metadata", 404, "text/plain", "not there");
        }

        SyncReport report = mirror.run();

        assertThat(report.parkedCount()).isBetween(1L, 16L);
        assertThat(report.parked())
                .allSatisfy(parked -> assertThat(parked.reason())
                        .endsWith(parked.project() + "-1.0-py3-none-any.whl.metadata is advertised, and answered 404"));
    }

    @Test
    void releaseFilesOfTheRightBytesAreKept() throws Exception {
        SyncedMirror mirror = mirror(options -> options.files(SyncSettings.Files.ALL));
        serve(mirror, "alpha", "wheel", "Name: alpha");

        mirror.run();

        assertThat(file(mirror, "alpha-1.0-py3-none-any.whl")).isEqualTo("wheel");
    }

    @Test
    void aFileWithOtherBytesThanItsHashSaysIsReportedAndNotKept() throws Exception {
        SyncedMirror mirror = mirror(options -> options.files(SyncSettings.Files.ALL));
        serve(mirror, "alpha", "wheel", "Name: alpha");
        mirror.index.answer("/packages/aa/alpha-1.0-py3-none-any.whl", 200, "application/octet-stream", "whale");

        SyncReport report = mirror.run();

        assertThat(file(mirror, "alpha-1.0-py3-none-any.whl")).isNull();
        assertThat(SyncedMirror.parked(report, "alpha"))
                .startsWith("aa/alpha-1.0-py3-none-any.whl has other bytes than its hash says");
        assertThat(mirror.served("alpha")).isNotNull();
    }

    @Test
    void filesBeyondTheLimitAreNotAskedForAndPagesAreTakenAllTheSame() throws Exception {
        SyncedMirror mirror =
                mirror(options -> options.files(SyncSettings.Files.ALL).filesLimit(12));
        serve(mirror, "alpha", "too many bytes", "Name: alpha");

        SyncReport report = mirror.run();

        assertThat(report.outcomes()).containsOnlyKeys(Outcome.TAKEN);
        assertThat(mirror.index.requests).doesNotContain("/packages/aa/alpha-1.0-py3-none-any.whl");
        assertThat(file(mirror, "alpha-1.0-py3-none-any.whl.metadata")).isEqualTo("Name: alpha");
    }

    @Test
    void aPageThatNamesWhatIsNoUrlIsTakenAllTheSame() throws Exception {
        SyncedMirror mirror = mirror(options -> options.files(SyncSettings.Files.ALL));
        serve(mirror, "alpha", "wheel", "Name: alpha");
        mirror.index.answer(
                "/simple/alpha/",
                200,
                JSON,
                page("alpha", "101", "wheel", "Name: alpha")
                        .replace("../../packages", "ht tp://<x>/packages")
                        .replace("https://index.example.org/integrity", "::/integrity"));

        SyncReport report = mirror.run();

        assertThat(report.outcomes()).containsOnlyKeys(Outcome.TAKEN);
    }
}
