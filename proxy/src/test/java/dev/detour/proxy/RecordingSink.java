package dev.detour.proxy;

import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.capture.CaptureSink;
import dev.detour.mirror.capture.CapturedAnswer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A sink that remembers what it was told. */
final class RecordingSink implements CaptureSink {
    private final List<CapturedAnswer> offered = new CopyOnWriteArrayList<>();
    private final List<String> wanted = new CopyOnWriteArrayList<>();
    private final List<MirrorResource> considered = new CopyOnWriteArrayList<>();
    private volatile boolean full;
    private volatile Runnable onOffer = () -> {};

    /** Has no room from now on. */
    void fill() {
        full = true;
    }

    /** Does this with every offer from now on, before it is remembered. */
    void onOffer(Runnable action) {
        onOffer = action;
    }

    List<CapturedAnswer> offered() {
        return offered;
    }

    List<String> wanted() {
        return wanted;
    }

    /** What it was asked to take, taken or not. */
    List<MirrorResource> considered() {
        return considered;
    }

    /** The only answer offered, waiting for it: it comes after the client has its own. */
    CapturedAnswer awaitOnly() {
        Await.until(() -> !offered.isEmpty(), () -> "nothing was offered");
        if (offered.size() > 1) {
            throw new AssertionError(offered.size() + " answers were offered: " + offered);
        }
        return offered.get(0);
    }

    static byte[] bytesOf(CapturedAnswer answer) {
        byte[] bytes = new byte[answer.body().remaining()];
        answer.body().duplicate().get(bytes);
        return bytes;
    }

    @Override
    public boolean takes(MirrorResource resource) {
        considered.add(resource);
        return !full;
    }

    @Override
    public void offer(CapturedAnswer answer) {
        onOffer.run();
        offered.add(answer);
    }

    @Override
    public void wanted(MirrorResource.SimpleProject project) {
        wanted.add(project.name());
    }
}
