package dev.detour.mirror.capture;

import dev.detour.mirror.MirrorResource;

/** Takes copies of what the backend answered. Called on event loops: no method blocks, and none fails. */
public interface CaptureSink {
    /** Whether a copy of this would be taken now: the kind of thing is copied, and there is room. */
    boolean takes(MirrorResource resource);

    /** Takes a complete answer, or drops it if there is no room any more. */
    void offer(CapturedAnswer answer);

    /** Clients ask for a project in a form that is not copied (HTML): its page may be worth a fetch. */
    void wanted(MirrorResource.SimpleProject project);
}
