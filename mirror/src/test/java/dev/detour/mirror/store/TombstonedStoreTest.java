package dev.detour.mirror.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.tombstone.Target;
import dev.detour.mirror.tombstone.Tombstones;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store under tombstones: every answer is asked for before, so that what was kept would be noticed. */
@SuppressWarnings("NullAway.Init")
class TombstonedStoreTest {
    private static final String JSON = "application/vnd.pypi.simple.v1+json";
    private static final Clock CLOCK = Clock.fixed(Pages.NOON.plusSeconds(600), ZoneOffset.UTC);
    private static final String OLD = "demo-1.0-py3-none-any.whl";
    private static final String NEW = "demo-2.0-py3-none-any.whl";
    private static final Map<String, MirrorResource> RESOURCES = Map.of(
            "list", new MirrorResource.SimpleIndex(),
            "page", new MirrorResource.SimpleProject("demo"),
            "spelled", new MirrorResource.SimpleProject("Demo"),
            "document", new MirrorResource.JsonProject("demo"),
            "old release", new MirrorResource.JsonRelease("demo", "1.0"),
            "release", new MirrorResource.JsonRelease("demo", "2.0"),
            "provenance", new MirrorResource.Provenance("demo", "2.0", NEW),
            "file", new MirrorResource.File("bb/" + NEW),
            "metadata", new MirrorResource.File("bb/" + NEW + ".metadata"),
            "other", new MirrorResource.SimpleProject("other"));

    @TempDir
    Path directory;

    private MirrorStore store;
    private Tombstones tombstones;
    private StoreMirror mirror;

    @BeforeEach
    void open() throws IOException {
        store = MirrorStore.open(directory.resolve("store"), StoreSettings.defaults(), CLOCK);
        tombstones = Tombstones.open(directory.resolve("state"), CLOCK);
        mirror = new StoreMirror(
                "local",
                Duration.ofHours(24),
                store.generations(),
                store.files(),
                tombstones::inForce,
                CLOCK,
                () -> null);
        Pages.put(store, "other", 1);
        byte[] page = bytes(
                "{'files':[%s,%s],'meta':{'_last-serial':2,'api-version':'1.4'},'name':'demo','versions':['1.0','2.0']}\n"
                        .formatted(file(OLD, "aa"), file(NEW, "bb")));
        StoredFile kept = new StoredFile(Sha256.hex(bytes("new")), 3);
        StoredFile metadata = new StoredFile(Sha256.hex(bytes("meta")), 4);
        store.files().put(kept.sha256(), 3, new ByteArrayInputStream(bytes("new")));
        store.files().put(metadata.sha256(), 4, new ByteArrayInputStream(bytes("meta")));
        try (Change change = store.change()) {
            change.page("demo", page, Pages.state(page, 2))
                    .listed(Pages.entry("demo", 2))
                    .document(
                            "demo",
                            bytes("{'info':{'name':'demo','version':'2.0','requires_dist':['new']},'releases':"
                                    + "{'1.0':[{'filename':'" + OLD + "'}],'2.0':[{'filename':'" + NEW
                                    + "'}]},'urls':[{'filename':'"
                                    + NEW + "'}]}"))
                    .release(
                            "demo",
                            "2.0",
                            bytes("{'info':{'name':'demo','version':'2.0'},'urls':[{'filename':'" + NEW + "'}]}"))
                    .provenance("demo", "2.0", NEW, bytes("{}"))
                    .file("bb/" + NEW, kept)
                    .file("bb/" + NEW + ".metadata", metadata)
                    .commit();
        }
        store.seal(Pages.NOON);
    }

    private static String file(String filename, String place) {
        return "{'filename':'%1$s','hashes':{},'url':'../../packages/%2$s/%1$s'}".formatted(filename, place);
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    @AfterEach
    void close() throws StoreException {
        store.close();
    }

    private void add(String target) throws IOException {
        tombstones.add(Target.parse(target), "malware", null);
    }

    private MirrorAnswer get(String what) {
        return get(what, JSON);
    }

    private MirrorAnswer get(String what, String accept) {
        MirrorResource resource = Objects.requireNonNull(RESOURCES.get(what), what);
        return mirror.answer(new MirrorRequest(resource, false, accept, null, null, null, null, null));
    }

    private static String text(MirrorAnswer answer) throws IOException {
        assertThat(answer).isInstanceOf(MirrorAnswer.Found.class);
        MirrorAnswer.Body body = ((MirrorAnswer.Found) answer).body();
        return body instanceof MirrorAnswer.Body.FileRange file
                ? Files.readString(file.file())
                : StandardCharsets.UTF_8
                        .decode(((MirrorAnswer.Body.Bytes) body).content().duplicate())
                        .toString();
    }

    @ParameterizedTest
    @CsvSource({
        "demo, page",
        "demo, spelled",
        "demo, document",
        "demo, old release",
        "demo, release",
        "demo, provenance",
        "demo, file",
        "demo, metadata",
        "demo==2, release",
        "demo==2, provenance",
        "demo==2, file",
        "demo==2, metadata",
        "demo-2.0-py3-none-any.whl, provenance",
        "demo-2.0-py3-none-any.whl, file",
        "demo-2.0-py3-none-any.whl, metadata"
    })
    void whatHasATombstoneIsAbsentFromTheNextRequestOnUntilItIsRemoved(String tombstone, String what) throws Exception {
        assertThat(get(what)).isInstanceOf(MirrorAnswer.Found.class);

        add(tombstone);
        MirrorAnswer withheld = get(what);
        tombstones.remove(Target.parse(tombstone));

        assertThat(withheld)
                .isInstanceOfSatisfying(
                        MirrorAnswer.Absent.class,
                        absent -> assertThat(absent.detail())
                                .isEqualTo("local: tombstone on " + tombstone + ": malware"));
        assertThat(get(what)).isInstanceOf(MirrorAnswer.Found.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo==2.0", NEW})
    void aKeptPageIsNotServedAnyMore(String tombstone) throws Exception {
        String before = text(get("page"));
        String html = text(get("page", "text/html"));
        text(get("document"));

        add(tombstone);

        assertThat(text(get("page"))).contains(OLD, "\"versions\":[\"1.0\"]").doesNotContain("2.0");
        assertThat(text(get("page", "text/html"))).contains(OLD).doesNotContain(NEW);
        assertThat(text(get("document"))).contains(OLD).doesNotContain(NEW);
        tombstones.remove(Target.parse(tombstone));
        assertThat(text(get("page"))).isEqualTo(before);
        assertThat(text(get("page", "text/html"))).isEqualTo(html);
    }

    @Test
    void aReleasesOwnDocumentLosesTheFile() throws Exception {
        text(get("release"));

        add(NEW);

        assertThat(text(get("release"))).contains("\"urls\":[]").doesNotContain(NEW);
    }

    @Test
    void aProjectLeavesTheListInBothForms() throws Exception {
        String json = text(get("list"));
        String html = text(get("list", "text/html"));

        add("demo");
        String withoutDemo = text(get("list"));
        String withoutDemoInHtml = text(get("list", "text/html"));
        add("other");

        assertThat(json).contains("\"demo\"", "\"other\"");
        assertThat(withoutDemo).contains("\"other\"").doesNotContain("demo");
        assertThat(withoutDemoInHtml).contains("/simple/other/").doesNotContain("demo");
        assertThat(text(get("list"))).contains("\"projects\":[]");
        tombstones.remove(Target.parse("demo"));
        tombstones.remove(Target.parse("other"));
        assertThat(text(get("list"))).isEqualTo(json);
        assertThat(text(get("list", "text/html"))).isEqualTo(html);
    }

    @Test
    void listsOfEarlierTombstonesAreNotLeftOnTheDisk() throws Exception {
        for (String target : new String[] {"a", "b", "c", "d"}) {
            add(target);
            text(get("list"));
            text(get("list", "text/html"));
        }

        try (Stream<Path> files = Files.walk(directory.resolve("store"))) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("index")))
                    .hasSize(4);
        }
    }

    @Test
    void theListIsAnotherOneForWhoAsksWhetherItChanged() throws Exception {
        String before = etag();
        add("demo");
        String during = etag();
        tombstones.remove(Target.parse("demo"));

        assertThat(during).isNotEqualTo(before);
        assertThat(etag()).isEqualTo(before);
    }

    private String etag() {
        return String.valueOf(((MirrorAnswer.Found) get("list")).headers().get("ETag"));
    }

    @Test
    void theNextGenerationIsFilteredToo() throws Exception {
        add("demo==2.0");
        text(get("page"));
        Pages.put(store, "third", 3);
        store.seal(Pages.NOON);

        assertThat(text(get("page"))).contains(OLD).doesNotContain(NEW);
        assertThat(text(get("list"))).contains("third");
    }
}
