package dev.detour.proxy.matrix;

import dev.detour.config.BackendConfig;
import dev.detour.health.breaker.BreakerState;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.proxy.ProxyDescription;
import dev.detour.proxy.RunningProxy;
import dev.detour.proxy.StubMirror;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.FakeDns;
import dev.detour.testkit.Greeting;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Measures one cell: a proxy before one backend with one fault, asked twice; then the fault heals. */
final class Trial {
    /** Bodies up to this length are held until they are complete. */
    static final int HOLD_UP_TO = 1000;

    /** A request that takes longer has not ended. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final BackendConfig.Breaker OPENS_AFTER_TWO =
            new BackendConfig.Breaker(2, 2, 0.5, Duration.ofMinutes(10), 1.0, Duration.ofMinutes(10), 1);
    private static final AtomicInteger IDS = new AtomicInteger();

    private final Breakage breakage;
    private final ApiColumn column;
    private static final FakeDns NAMES = FakeDns.start();

    private final Line line;
    private final Path files;
    private final List<String> wrong = new ArrayList<>();

    /**
     * A cell to be measured.
     *
     * @param files where {@link MatrixFiles} has written
     */
    Trial(Breakage breakage, ApiColumn column, Line line, Path files) {
        this.breakage = breakage;
        this.column = column;
        this.line = line;
        this.files = files;
    }

    static String nextId() {
        return String.format("cell-%06d", IDS.incrementAndGet());
    }

    /** What was measured, and what is wrong whatever the page says. */
    Measured run() {
        try {
            return measured();
        } catch (IOException | AssertionError e) {
            // one cell that cannot be measured must not hide the others
            return Measured.impossible(e);
        }
    }

    private Measured measured() throws IOException {
        try (Site site = new Site(breakage.place(), line.backendTls())) {
            FakeBackend backend = site.backend();
            if (backend != null) {
                breakage.befall(backend, column);
            }
            Measured measured = measure(site);
            if (backend != null) {
                heal(backend);
                askHealed(site);
            }
            return measured.with(wrong);
        }
    }

    private Measured measure(Site site) throws IOException {
        try (RunningProxy proxy =
                described().breaker(OPENS_AFTER_TWO).endpoint(site.url()).start()) {
            Measured first = ask(proxy, site);
            if (open(proxy)) {
                return first.judged(Verdict.COUNTS_AGAIN);
            }
            Measured second = ask(proxy, site);
            return first.atBest(second).judged(open(proxy) ? Verdict.COUNTS : Verdict.NONE);
        }
    }

    private static boolean open(RunningProxy proxy) {
        return proxy.backend().breaker().state() == BreakerState.OPEN;
    }

    ProxyDescription described() throws IOException {
        // the limits that no fault is about are long: a busy machine must not exceed one
        ProxyDescription described = RunningProxy.with()
                .mirror(StubMirror.of(this::mirrored))
                .trust(files.resolve("ca.pem"))
                .holdUpTo(HOLD_UP_TO);
        ApiColumn.addRoutes(described);
        if (line.clientTls()) {
            // written by each for itself: others are reading theirs
            described.identity(Identities.SERVER, Files.createTempDirectory(files, "identity"));
        }
        return switch (breakage) {
            case BLACKHOLE -> described.connect(Wait.CONNECT_LIMIT);
            // one of our own: a query must not leave the machine
            case NO_SUCH_NAME -> described.connect(Wait.CONNECT_LIMIT).nameServer(NAMES.port());
            case HANDSHAKE_HANG -> described.handshake(Wait.HANDSHAKE_LIMIT);
            case HANG_STREAMED -> described.betweenBytes(Wait.BETWEEN_BYTES_LIMIT);
            case HANG, DRIP_HEAD, HANG_HELD, DRIP_HELD, DRIP_STREAMED ->
                described.firstByte(Wait.FIRST_BYTE_LIMIT).betweenBytes(Wait.BETWEEN_BYTES_LIMIT);
            default -> described;
        };
    }

    private MirrorAnswer mirrored(MirrorRequest request) {
        if (request.resource() instanceof MirrorResource.File) {
            Path file = files.resolve("file");
            return new MirrorAnswer.Found(
                    200,
                    Map.of("Content-Type", "application/octet-stream"),
                    mirrorBody(ApiColumn.FILE).length(),
                    new MirrorAnswer.Body.FileRange(
                            file, 0, mirrorBody(ApiColumn.FILE).length()));
        }
        ApiColumn of = request.resource() instanceof MirrorResource.JsonProject ? ApiColumn.JSON : ApiColumn.SIMPLE;
        byte[] body = mirrorBody(of).getBytes(StandardCharsets.UTF_8);
        return new MirrorAnswer.Found(
                200,
                Map.of("Content-Type", of.contentType()),
                body.length,
                new MirrorAnswer.Body.Bytes(ByteBuffer.wrap(body).asReadOnlyBuffer()));
    }

    /** The body that only the mirror has. */
    static String mirrorBody(ApiColumn column) {
        return "from the mirror: " + column.label();
    }

    private Measured ask(RunningProxy proxy, Site site) throws IOException {
        String id = nextId();
        try (RawClient client = connect(proxy)) {
            client.limit(PATIENCE);
            long start = System.nanoTime();
            column.send(client, id);
            RawResponse response = client.read(column.method());
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            String failure = failureIn(proxy.accessLine("id=" + id));
            if (!column.reads() && site.received(id) > 1) {
                wrong.add("a POST was sent " + site.received(id) + " times");
            }
            return new Measured(Answers.outcomeOf(response, column, wrong), response.status(), waited, failure);
        }
    }

    RawClient connect(RunningProxy proxy) throws IOException {
        return line.clientTls() ? proxy.client(Identities.CERTIFICATES.clientContext(null)) : proxy.client();
    }

    /** The label of the failure in an access line; empty if there is none. */
    private static String failureIn(String accessLine) {
        for (String word : accessLine.split(" ", -1)) {
            if (word.startsWith("reason=") || word.startsWith("failure=")) {
                return word.substring(word.indexOf('=') + 1);
            }
        }
        return "";
    }

    private void heal(FakeBackend backend) {
        backend.listenAgain();
        backend.greet(Greeting.SERVE).answer(column.backendAnswer());
        if (line.backendTls()) {
            backend.shakeHands(Identities.GOOD, settings -> {});
        }
    }

    private void askHealed(Site site) throws IOException {
        try (RunningProxy proxy = described().endpoint(site.url()).start();
                RawClient client = connect(proxy)) {
            column.send(client, nextId());
            RawResponse response = client.read(column.method());
            if (!Answers.isBackends(response, column)) {
                wrong.add("healed, and yet " + response);
            }
        }
    }
}
