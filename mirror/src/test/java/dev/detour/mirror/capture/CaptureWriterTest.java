package dev.detour.mirror.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.Origin;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What each kind of answer proves, and what is written of it. */
class CaptureWriterTest {
    private static final int LARGEST = 100_000;
    private static final MirrorResource ALPHA = new MirrorResource.SimpleProject("alpha");
    private static final byte[] FIRST = Passing.page("alpha", 5, ">=3.8", "1.0", "2.0");

    @TempDir
    private Path directory = Path.of("");

    private final RecordingObserver observer = new RecordingObserver();
    private MirrorStore store;
    private CaptureWriter writer;

    @BeforeEach
    void open() throws StoreException {
        store = MirrorStore.open(directory, StoreSettings.defaults(), Clock.systemUTC());
        writer = new CaptureWriter(store, (project, page) -> List.of(), observer, LARGEST);
    }

    @AfterEach
    void close() throws StoreException {
        store.close();
    }

    private CaptureOutcome capture(CapturedAnswer answer) {
        writer.write(List.of(answer));
        List<CaptureOutcome> outcomes = observer.outcomes();
        return outcomes.get(outcomes.size() - 1);
    }

    private CaptureOutcome capture(byte[] page) {
        return capture(Passing.simple("alpha", page));
    }

    private String lastDetail() {
        List<String> details = observer.details();
        return details.get(details.size() - 1);
    }

    private void list(long serial, ListEntry... entries) throws StoreException {
        ObjectNode head = JsonNodeFactory.instance.objectNode();
        head.putObject("meta").put("_last-serial", serial);
        try (Change change = store.change()) {
            change.listHead(head);
            for (ListEntry entry : entries) {
                change.listed(entry);
            }
            change.commit();
        }
    }

    private static ListEntry entry(String project, long serial) {
        return new ListEntry(
                project, OptionalLong.of(serial), "{\"_last-serial\":" + serial + ",\"name\":\"" + project + "\"}");
    }

    private static String documentOf(String version, long serial) {
        return "{\"info\":{\"name\":\"Alpha\",\"version\":\"" + version + "\"},\"last_serial\":" + serial
                + ",\"urls\":[]}";
    }

    @Test
    void aPageThatPassesIsKeptWithWhatIsKnownOfIt() throws StoreException {
        assertThat(capture(FIRST)).isEqualTo(CaptureOutcome.TAKEN);

        ProjectState state = Objects.requireNonNull(store.live().state("alpha"));
        assertThat(store.live().page("alpha")).isEqualTo(FIRST);
        assertThat(state.serial()).hasValue(5);
        assertThat(state.etag()).isEqualTo("\"tag\"");
        assertThat(state.fetchedAt()).isEqualTo(HandClock.NOON);
        assertThat(state.origin()).isEqualTo(Origin.CAPTURE);
        assertThat(store.live().listed("alpha")).isNull();
    }

    @Test
    void aPageThatIsKeptAlreadyIsOnlyCompared() throws StoreException {
        capture(FIRST);
        ProjectState before = store.live().state("alpha");

        assertThat(capture(FIRST)).isEqualTo(CaptureOutcome.UNCHANGED);

        assertThat(store.live().state("alpha")).isEqualTo(before);
        assertThat(observer.samples()).hasSize(2);
        assertThat(observer.samples().get(0).stored()).isNull();
        assertThat(observer.samples().get(1).stored()).isEqualTo(FIRST);
        assertThat(observer.samples().get(1).captured()).isEqualTo(FIRST);
        assertThat(observer.samples().get(1).serial()).hasValue(5);
    }

    @Test
    void aLowerSerialIsNotTaken() throws StoreException {
        capture(FIRST);

        assertThat(capture(Passing.page("alpha", 4, ">=3.8", "1.0"))).isEqualTo(CaptureOutcome.OLDER);

        assertThat(store.live().page("alpha")).isEqualTo(FIRST);
        assertThat(lastDetail()).contains("serial 4").contains("5 or later");
    }

    @Test
    void theSameSerialWithOtherBytesIsTaken() throws StoreException {
        capture(FIRST);
        byte[] other = Passing.page("alpha", 5, ">=3.9", "1.0", "2.0");

        assertThat(capture(other)).isEqualTo(CaptureOutcome.TAKEN);

        assertThat(store.live().page("alpha")).isEqualTo(other);
    }

    @Test
    void theSameSerialThatCameBeforeWhatIsKeptIsNotTaken() {
        capture(FIRST);

        CaptureOutcome outcome = capture(Passing.of(
                ALPHA,
                Passing.SIMPLE,
                null,
                null,
                Passing.page("alpha", 5, ">=3.9", "1.0"),
                HandClock.NOON.minusSeconds(1)));

        assertThat(outcome).isEqualTo(CaptureOutcome.OLDER);
    }

    @Test
    void aSerialOfTheHeaderThatIsNotThePagesIsInvalid() {
        CaptureOutcome outcome = capture(Passing.of(ALPHA, Passing.SIMPLE, null, "6", FIRST, HandClock.NOON));

        assertThat(outcome).isEqualTo(CaptureOutcome.INVALID);
        assertThat(lastDetail()).contains("X-PyPI-Last-Serial is 6").contains("5");
    }

    @Test
    void aPageEarlierThanTheListSaysIsNotTaken() throws StoreException {
        list(10, entry("alpha", 9));

        assertThat(capture(FIRST)).isEqualTo(CaptureOutcome.OLDER);
        assertThat(store.live().page("alpha")).isNull();
    }

    @Test
    void aProjectThatTheListLacksIsNotBroughtBack() throws StoreException {
        list(10, entry("beta", 9));

        assertThat(capture(FIRST)).isEqualTo(CaptureOutcome.UNLISTED);
        assertThat(store.live().page("alpha")).isNull();
    }

    @Test
    void aProjectLaterThanTheWholeListIsTakenAndNotListed() throws StoreException {
        list(4, entry("beta", 3));

        assertThat(capture(FIRST)).isEqualTo(CaptureOutcome.TAKEN);
        assertThat(store.live().listed("alpha")).isNull();
    }

    @Test
    void aPageThatHasLostAllFilesIsNotTaken() throws StoreException {
        capture(FIRST);

        assertThat(capture(Passing.page("alpha", 6, ""))).isEqualTo(CaptureOutcome.EMPTIED);
        assertThat(store.live().page("alpha")).isEqualTo(FIRST);
    }

    @Test
    void aPageThatSaysWhyItHasLostAllFilesIsTaken() {
        capture(FIRST);
        byte[] quarantined = Passing.bytes("{\"files\":[],\"meta\":{\"_last-serial\":6,\"api-version\":\"1.4\"},"
                + "\"name\":\"alpha\",\"project-status\":{\"status\":\"quarantined\"},\"versions\":[]}");

        assertThat(capture(quarantined)).isEqualTo(CaptureOutcome.TAKEN);
    }

    @Test
    void aPageOfAnotherProjectIsInvalid() throws StoreException {
        assertThat(capture(Passing.simple("beta", FIRST))).isEqualTo(CaptureOutcome.INVALID);
        assertThat(store.live().page("beta")).isNull();
    }

    @Test
    void anotherSpellingOfTheNameIsTheSameProject() throws StoreException {
        byte[] page = Passing.page("alpha.beta", 5, ">=3.8", "1.0");

        assertThat(capture(Passing.simple("Alpha_Beta", page))).isEqualTo(CaptureOutcome.TAKEN);
        assertThat(store.live().page("alpha-beta")).isEqualTo(page);
    }

    @Test
    void whatTheRuleRefusesIsNotTaken() throws StoreException {
        writer = new CaptureWriter(store, (project, page) -> List.of("no hash", "no name"), observer, LARGEST);

        assertThat(capture(FIRST)).isEqualTo(CaptureOutcome.INVALID);
        assertThat(lastDetail()).isEqualTo("no hash, and 1 more");
        assertThat(store.live().page("alpha")).isNull();
    }

    @Test
    void anErrorPageIsInvalid() {
        assertThat(capture(Passing.bytes("<html>sorry</html>"))).isEqualTo(CaptureOutcome.INVALID);
        assertThat(capture(Passing.of(ALPHA, "text/html", null, null, FIRST, HandClock.NOON)))
                .isEqualTo(CaptureOutcome.INVALID);
    }

    @Test
    void contentCodingsAreUndone() throws IOException {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(FIRST);
        }
        ByteArrayOutputStream deflate = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflate)) {
            out.write(FIRST);
        }

        assertThat(captureCoded("gzip", gzip.toByteArray())).isEqualTo(CaptureOutcome.TAKEN);
        assertThat(captureCoded("deflate", deflate.toByteArray())).isEqualTo(CaptureOutcome.UNCHANGED);
        assertThat(captureCoded("zstd", Zstd.compress(FIRST))).isEqualTo(CaptureOutcome.UNCHANGED);
        Brotli4jLoader.ensureAvailability();
        assertThat(captureCoded("br", Encoder.compress(FIRST))).isEqualTo(CaptureOutcome.UNCHANGED);
        assertThat(captureCoded("Identity", FIRST)).isEqualTo(CaptureOutcome.UNCHANGED);
    }

    @Test
    void aCodingThatIsUnknownOrBrokenIsUnreadable() throws IOException {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(FIRST);
        }
        byte[] half = Arrays.copyOf(gzip.toByteArray(), gzip.size() / 2);

        assertThat(captureCoded("br", FIRST)).isEqualTo(CaptureOutcome.UNREADABLE);
        assertThat(captureCoded("gzip", half)).isEqualTo(CaptureOutcome.UNREADABLE);
        assertThat(captureCoded("zstd", FIRST)).isEqualTo(CaptureOutcome.UNREADABLE);
        assertThat(captureCoded("compress", FIRST)).isEqualTo(CaptureOutcome.UNREADABLE);
    }

    @Test
    void aBombIsUnreadable() {
        byte[] bomb = Zstd.compress(new byte[LARGEST + 1]);

        assertThat(captureCoded("zstd", bomb)).isEqualTo(CaptureOutcome.UNREADABLE);
        assertThat(lastDetail()).contains("more than " + LARGEST);
    }

    private CaptureOutcome captureCoded(String coding, byte[] body) {
        return capture(Passing.of(ALPHA, Passing.SIMPLE, coding, null, body, HandClock.NOON));
    }

    @Test
    void documentsBelongToAPage() throws StoreException {
        MirrorResource project = new MirrorResource.JsonProject("Alpha");
        CapturedAnswer document = Passing.document(project, documentOf("2.0", 5));
        assertThat(capture(document)).isEqualTo(CaptureOutcome.UNLISTED);
        capture(FIRST);

        assertThat(capture(document)).isEqualTo(CaptureOutcome.TAKEN);
        assertThat(capture(document)).isEqualTo(CaptureOutcome.UNCHANGED);
        assertThat(capture(Passing.document(project, documentOf("2.0", 4)))).isEqualTo(CaptureOutcome.OLDER);
        assertThat(store.live().document("alpha")).isEqualTo(Passing.bytes(documentOf("2.0", 5) + "\n"));
    }

    @Test
    void aReleasesDocumentIsKeptUnderTheSpellingOfThePage() throws StoreException {
        capture(FIRST);
        CapturedAnswer document =
                Passing.document(new MirrorResource.JsonRelease("alpha", "2"), documentOf("2.0.0", 5));

        assertThat(capture(document)).isEqualTo(CaptureOutcome.TAKEN);
        assertThat(store.live().release("alpha", "2.0")).isNotNull();
        assertThat(capture(Passing.document(new MirrorResource.JsonRelease("alpha", "3.0"), documentOf("3.0", 5))))
                .isEqualTo(CaptureOutcome.UNLISTED);
        assertThat(capture(Passing.document(new MirrorResource.JsonRelease("alpha", "1.0"), documentOf("2.0", 5))))
                .isEqualTo(CaptureOutcome.INVALID);
    }

    @Test
    void attestationsAreKeptForFilesThatThePageNames() throws StoreException {
        capture(FIRST);
        String json = "{\"attestation_bundles\":[],\"version\":1}";

        assertThat(capture(Passing.document(new MirrorResource.Provenance("alpha", "1.0", "alpha-1.0.tar.gz"), json)))
                .isEqualTo(CaptureOutcome.TAKEN);
        assertThat(capture(Passing.document(new MirrorResource.Provenance("alpha", "1.0", "other.tar.gz"), json)))
                .isEqualTo(CaptureOutcome.UNLISTED);
        assertThat(store.live().provenance("alpha", "1.0", "alpha-1.0.tar.gz")).isEqualTo(Passing.bytes(json));
    }

    @Test
    void severalOfOneProjectInABatchAreJudgedOneAfterTheOther() throws StoreException {
        byte[] later = Passing.page("alpha", 6, ">=3.8", "1.0", "2.0");

        writer.write(List.of(
                Passing.simple("alpha", later),
                Passing.simple("beta", Passing.page("beta", 1, ">=3.8", "1.0")),
                Passing.simple("Alpha", FIRST)));

        assertThat(observer.outcomes())
                .containsExactly(CaptureOutcome.TAKEN, CaptureOutcome.TAKEN, CaptureOutcome.OLDER);
        assertThat(store.live().page("alpha")).isEqualTo(later);
    }

    @Test
    void whatSomebodyElseWritesMeanwhileIsNotOverwritten() throws StoreException {
        byte[] later = Passing.page("alpha", 7, ">=3.8", "3.0");
        CaptureWriter other = new CaptureWriter(store, (project, page) -> List.of(), CaptureObserver.NONE, LARGEST);
        // asked after the store was read and before it is written
        CaptureObserver meddler = new CaptureObserver() {
            @Override
            public void onPage(String project, byte @Nullable [] stored, byte[] captured, OptionalLong serial) {
                other.write(List.of(Passing.simple("alpha", later)));
            }

            @Override
            public void onOutcome(MirrorResource resource, CaptureOutcome outcome, String detail) {
                observer.onOutcome(resource, outcome, detail);
            }
        };
        writer = new CaptureWriter(store, (project, page) -> List.of(), meddler, LARGEST);

        assertThat(capture(FIRST)).isEqualTo(CaptureOutcome.OLDER);
        assertThat(store.live().page("alpha")).isEqualTo(later);
    }
}
