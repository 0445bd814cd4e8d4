package dev.detour.proxy;

import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.MirrorStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A mirror that says what a test tells it to, and remembers what it was asked. */
public final class StubMirror implements Mirror {
    /** The body of {@link #page()}. */
    public static final String PAGE = "<!DOCTYPE html><title>from the mirror</title>\n";

    private final Function<MirrorRequest, MirrorAnswer> answers;
    private final Function<MirrorRequest, @Nullable MirrorAnswer> memory;
    private volatile Predicate<MirrorResource> withheld = resource -> false;
    private final List<MirrorRequest> asked = new CopyOnWriteArrayList<>();

    private StubMirror(
            Function<MirrorRequest, MirrorAnswer> answers, Function<MirrorRequest, @Nullable MirrorAnswer> memory) {
        this.answers = answers;
        this.memory = memory;
    }

    /** A mirror that answers by the request. */
    public static StubMirror of(Function<MirrorRequest, MirrorAnswer> answers) {
        return new StubMirror(answers, request -> null);
    }

    /** The same mirror, which has some answers in memory. */
    public StubMirror remembering(Function<MirrorRequest, @Nullable MirrorAnswer> atHand) {
        return new StubMirror(answers, atHand);
    }

    /** A mirror that has every page, always with the same content. */
    public static StubMirror page() {
        return of(request -> found(request, PAGE));
    }

    /** A mirror that can never tell. */
    public static StubMirror unavailable() {
        return of(request -> new MirrorAnswer.Unavailable("not copied"));
    }

    /** A mirror whose project list is complete and empty. */
    public static StubMirror absent() {
        return of(request -> new MirrorAnswer.Absent("not in the list"));
    }

    /** A mirror that has one file, under every name. */
    public static StubMirror file(Path file) {
        return of(request -> wholeFile(file));
    }

    static MirrorAnswer found(MirrorRequest request, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MirrorAnswer.Body body = request.head()
                ? new MirrorAnswer.Body.None()
                : new MirrorAnswer.Body.Bytes(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
        return new MirrorAnswer.Found(200, headers(), bytes.length, body);
    }

    static MirrorAnswer wholeFile(Path file) {
        try {
            long length = Files.size(file);
            return part(200, file, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MirrorAnswer part(int status, Path file, long offset, long length) {
        return new MirrorAnswer.Found(
                status,
                Map.of("Content-Type", "application/octet-stream"),
                length,
                new MirrorAnswer.Body.FileRange(file, offset, length));
    }

    private static Map<String, String> headers() {
        return Map.of("Content-Type", "text/html", "ETag", "\"mirror\"", "Cache-Control", "no-cache", "Age", "60");
    }

    /** From now on these have tombstones. */
    public void withhold(Predicate<MirrorResource> which) {
        withheld = which;
    }

    /** Everything asked so far. */
    public List<MirrorRequest> asked() {
        return List.copyOf(asked);
    }

    @Override
    public @Nullable AtHand atHand(MirrorRequest request) {
        MirrorAnswer answer = memory.apply(request);
        return answer == null ? null : new AtHand(answer, true);
    }

    @Override
    public MirrorAnswer answer(MirrorRequest request) {
        asked.add(request);
        return answers.apply(request);
    }

    @Override
    public boolean withholds(MirrorResource resource) {
        return withheld.test(resource);
    }

    @Override
    public MirrorStatus status() {
        return new MirrorStatus(true, Duration.ofMinutes(1), "stub");
    }
}
