package dev.detour.mirror.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.tombstone.Withdrawn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rocksdb.WriteBatch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class StoreMirrorTest {
    private static final String JSON = "application/vnd.pypi.simple.v1+json";
    private static final String HTML = "text/html";
    private static final Clock CLOCK = Clock.fixed(Pages.NOON.plusSeconds(600), ZoneOffset.UTC);

    @TempDir
    private Path directory = Path.of("");

    private final AtomicReference<@Nullable String> doubt = new AtomicReference<>();
    private final AtomicReference<Withdrawn> withdrawn = new AtomicReference<>(Withdrawn.NOTHING);
    private MirrorStore store;
    private StoreMirror mirror;

    @BeforeEach
    void open() throws StoreException {
        store = MirrorStore.open(directory, StoreSettings.defaults(), CLOCK);
        mirror = new StoreMirror(
                "local", Duration.ofHours(24), store.generations(), store.files(), withdrawn::get, CLOCK, doubt::get);
    }

    @AfterEach
    void close() throws StoreException {
        store.close();
    }

    private static Path golden() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(StoreMirrorTest.class.getResource("/golden"))
                .toURI());
    }

    static List<String> projects() throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(golden())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") && !name.equals("index.json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        }
    }

    private static byte[] bytes(String file) throws IOException, URISyntaxException {
        return Files.readAllBytes(golden().resolve(file));
    }

    private MirrorAnswer ask(MirrorResource resource, String accept) {
        return mirror.answer(new MirrorRequest(resource, false, accept, null, null, null, null, null));
    }

    private static String body(MirrorAnswer answer) throws IOException {
        assertThat(answer).isInstanceOf(MirrorAnswer.Found.class);
        MirrorAnswer.Body body = ((MirrorAnswer.Found) answer).body();
        if (body instanceof MirrorAnswer.Body.FileRange file) {
            return Files.readString(file.file());
        }
        ByteBuffer content = ((MirrorAnswer.Body.Bytes) body).content().duplicate();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Puts a golden page into the store, with the attestations it names. */
    private String putGolden(String file) throws Exception {
        byte[] json = bytes(file + ".json");
        ObjectNode page = CanonicalJson.readObject(json);
        String project = Objects.requireNonNull(
                ProjectName.normalise(page.required("name").asString()));
        try (Change change = store.change()) {
            change.listHead(Pages.head(1))
                    .listed(Pages.entry(project, 1))
                    .page(
                            project,
                            json,
                            new ProjectState(
                                    OptionalLong.of(page.required("meta")
                                            .required("_last-serial")
                                            .longValue()),
                                    null,
                                    Sha256.hex(json),
                                    Pages.NOON,
                                    null,
                                    Origin.SYNC));
            for (JsonNode element : (ArrayNode) page.required("files")) {
                JsonNode provenance = element.get("provenance");
                if (provenance != null && provenance.isString()) {
                    String[] parts =
                            provenance.stringValue().split("/integrity/", -1)[1].split("/", -1);
                    change.provenance(parts[0], parts[1], parts[2], "{}".getBytes(StandardCharsets.UTF_8));
                }
            }
            change.commit();
        }
        store.seal(Pages.NOON);
        return project;
    }

    @ParameterizedTest
    @MethodSource("projects")
    void everyGoldenPageIsServedInTheIndexsOwnBytes(String file) throws Exception {
        String project = putGolden(file);
        MirrorResource page = new MirrorResource.SimpleProject(project);

        assertThat(body(ask(page, JSON))).isEqualTo(new String(bytes(file + ".json"), StandardCharsets.UTF_8));
        assertThat(body(ask(page, HTML))).isEqualTo(new String(bytes(file + ".html"), StandardCharsets.UTF_8));
    }

    @Test
    void theGoldenListIsServedInTheIndexsOwnBytes() throws Exception {
        ObjectNode list = CanonicalJson.readObject(bytes("index.json"));
        ArrayNode entries = (ArrayNode) list.remove("projects");
        try (Change change = store.change()) {
            change.listHead(list);
            for (JsonNode entry : entries) {
                String project = Objects.requireNonNull(
                        ProjectName.normalise(entry.required("name").asString()));
                String json = new String(CanonicalJson.write(entry), StandardCharsets.UTF_8).strip();
                change.listed(new ListEntry(project, OptionalLong.empty(), json));
            }
            change.commit();
        }
        store.seal(Pages.NOON);

        assertThat(body(ask(new MirrorResource.SimpleIndex(), JSON)))
                .isEqualTo(new String(bytes("index.json"), StandardCharsets.UTF_8));
        assertThat(body(ask(new MirrorResource.SimpleIndex(), HTML)))
                .isEqualTo(new String(bytes("index.html"), StandardCharsets.UTF_8));
    }

    @Test
    void attestationsThatAreNotHeldAreNotPromised() throws Exception {
        String project = putGolden("everything");
        ObjectNode page = CanonicalJson.readObject(bytes("everything.json"));
        byte[] json = CanonicalJson.write(page.put("name", "nothing"));
        try (Change change = store.change()) {
            change.page("nothing", json, Pages.state(json, 1))
                    .listed(Pages.entry("nothing", 1))
                    .commit();
        }
        store.seal(Pages.NOON);

        // the attestations of another project of the same files are held
        assertThat(body(ask(new MirrorResource.SimpleProject(project), JSON))).contains("/integrity/");
        assertThat(store.live().provenance("nothing", "2.0", "everything-2.0-py3-none-any.whl"))
                .isNull();
        assertThat(body(ask(
                        new MirrorResource.Provenance("everything", "2.0", "everything-2.0-py3-none-any.whl"),
                        "application/json")))
                .isEqualTo("{}");
    }

    @Test
    void aNameThatTheListLacksIsAbsent() throws Exception {
        putGolden("plain");

        assertThat(ask(new MirrorResource.SimpleProject("no-such"), JSON)).isInstanceOf(MirrorAnswer.Absent.class);
        assertThat(ask(new MirrorResource.SimpleProject("-"), JSON)).isInstanceOf(MirrorAnswer.Absent.class);
    }

    @Test
    void aNameThatIsListedWithoutAPageIsUnavailable() throws Exception {
        putGolden("plain");
        try (Change change = store.change()) {
            change.listed(Pages.entry("alpha", 3)).commit();
        }
        store.seal(Pages.NOON);

        assertThat(ask(new MirrorResource.SimpleProject("alpha"), JSON)).isInstanceOf(MirrorAnswer.Unavailable.class);
    }

    @Test
    void aNewNameThatCouldNotBeFetchedYetIsUnavailable() throws Exception {
        putGolden("plain");
        try (Change change = store.change()) {
            change.task(new Task(
                            "alpha", Task.Reason.NEW, Pages.entry("alpha", 3), 0, null, Pages.NOON, "answered 500"))
                    .commit();
        }
        store.seal(Pages.NOON);

        assertThat(ask(new MirrorResource.SimpleProject("alpha"), JSON))
                .isEqualTo(new MirrorAnswer.Unavailable(
                        "local: alpha is listed by the index, and has not been copied yet: answered 500"));
    }

    @Test
    void anotherSpellingIsRedirected() throws Exception {
        putGolden("plain");

        MirrorAnswer.Found answer = (MirrorAnswer.Found) ask(new MirrorResource.SimpleProject("PLAIN"), JSON);

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.headers()).containsEntry("Location", "../plain/");
    }

    @Test
    void theAnswerSaysHowOldItIs() throws Exception {
        putGolden("plain");

        MirrorAnswer.Found answer = (MirrorAnswer.Found) ask(new MirrorResource.SimpleProject("plain"), JSON);

        assertThat(answer.headers())
                .containsEntry("Age", "600")
                .containsEntry("Vary", "Accept")
                .containsKeys("ETag", "X-PyPI-Last-Serial");
    }

    @Test
    void aNewGenerationIsServedAtOnce() throws Exception {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);
        ask(new MirrorResource.SimpleProject("alpha"), JSON);
        Pages.put(store, "alpha", 2);
        store.seal(Pages.NOON);

        assertThat(body(ask(new MirrorResource.SimpleProject("alpha"), JSON)))
                .isEqualTo(new String(Pages.page("alpha", 2), StandardCharsets.UTF_8));
    }

    @Test
    void aCopyThatIsTooOldIsUnfitAndSaysSo() throws Exception {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON.minus(Duration.ofHours(24)));

        assertThat(mirror.status().fit()).isFalse();
        assertThat(mirror.status().detail()).isEqualTo("generation 1 is 87000 s old (limit: 86400 s)");
        assertThat(ask(new MirrorResource.SimpleProject("alpha"), JSON)).isInstanceOf(MirrorAnswer.Unavailable.class);
    }

    @Test
    void aCopyThatIsNotFaithfulIsUnfitAndSaysSo() throws Exception {
        putGolden("plain");
        doubt.set("97 % of the pages are the index's (limit: 99 %); plain differs in requires-python");

        assertThat(mirror.status().fit()).isFalse();
        assertThat(mirror.status().detail()).contains("plain differs in requires-python");
    }

    @Test
    void anEmptyStoreIsUnfit() {
        assertThat(mirror.status().detail()).isEqualTo("it has no generation yet");
        assertThat(ask(new MirrorResource.SimpleIndex(), JSON)).isInstanceOf(MirrorAnswer.Unavailable.class);
    }

    @Test
    void aReleaseFileIsServedWithTheHashItIsKeptUnder() throws Exception {
        byte[] content = "a wheel".getBytes(StandardCharsets.UTF_8);
        String hash = Sha256.hex(content);
        store.files().put(hash, content.length, new ByteArrayInputStream(content));
        Pages.put(store, "alpha", 1);
        try (Change change = store.change()) {
            change.file("ab/cd/alpha-1.0-py3-none-any.whl", new StoredFile(hash, content.length))
                    .commit();
        }
        store.seal(Pages.NOON);

        MirrorAnswer answer = ask(new MirrorResource.File("ab/cd/alpha-1.0-py3-none-any.whl"), "*/*");

        assertThat(body(answer)).isEqualTo("a wheel");
        assertThat(((MirrorAnswer.Found) answer).headers())
                .containsEntry("ETag", "\"detour-m-" + hash.substring(0, 32) + "\"")
                .containsEntry("Content-Type", "application/zip");
    }

    @Test
    void theDocumentOfAReleaseIsTheIndexsOwnOrDerived() throws Exception {
        Pages.put(store, "alpha", 1);
        byte[] project = ("{\"info\":{\"name\":\"alpha\",\"version\":\"2.0\"},\"last_serial\":1,"
                        + "\"releases\":{\"1.0\":[],\"2.0\":[]},\"urls\":[]}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] own =
                "{\"info\":{\"name\":\"alpha\",\"own\":true,\"version\":\"1.0\"}}\n".getBytes(StandardCharsets.UTF_8);
        try (Change change = store.change()) {
            change.document("alpha", project).release("alpha", "1.0", own).commit();
        }
        store.seal(Pages.NOON);

        assertThat(body(ask(new MirrorResource.JsonRelease("alpha", "1.0"), "*/*")))
                .isEqualTo(new String(own, StandardCharsets.UTF_8));
        assertThat(body(ask(new MirrorResource.JsonRelease("alpha", "2.0"), "*/*")))
                .contains("\"version\":\"2.0\"");
        assertThat(ask(new MirrorResource.JsonRelease("alpha", "3.0"), "*/*"))
                .isInstanceOf(MirrorAnswer.Unavailable.class);
    }

    @Test
    void damagedBytesAreNotServed() throws Exception {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);
        // what the database would give if a bit of it had changed
        Database live = (Database) store.live();
        try (WriteBatch batch = new WriteBatch();
                Change change = store.change()) {
            byte[] another = Rows.of(Pages.state(Pages.page("alpha", 9), 9));
            batch.put(live.handle(Family.STATE), Rows.key("alpha"), another);
            live.write(batch);
            change.document("alpha", new byte[] {1}).commit();
        }
        store.seal(Pages.NOON);

        assertThat(ask(new MirrorResource.SimpleProject("alpha"), JSON)).isInstanceOf(MirrorAnswer.Unavailable.class);
    }

    private Mirror.@Nullable AtHand atHand(String project) {
        return mirror.atHand(new MirrorRequest(
                new MirrorResource.SimpleProject(project), false, null, null, null, null, null, null));
    }

    @Test
    void aPageThatWasAskedForIsAtHandUntilAnotherGenerationIsServed() throws Exception {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);
        assertThat(atHand("alpha")).isNull();

        MirrorAnswer answer = ask(new MirrorResource.SimpleProject("alpha"), "text/html");

        assertThat(Objects.requireNonNull(atHand("alpha")).answer()).isEqualTo(answer);
        Pages.put(store, "alpha", 2);
        store.seal(Pages.NOON);
        assertThat(atHand("alpha")).isNull();
    }

    @Test
    void aPageIsNotAtHandWhileThereIsDoubtOfTheCopy() throws Exception {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);
        ask(new MirrorResource.SimpleProject("alpha"), "text/html");

        doubt.set("alpha differs");

        assertThat(atHand("alpha")).isNull();
    }
}
