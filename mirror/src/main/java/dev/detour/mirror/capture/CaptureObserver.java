package dev.detour.mirror.capture;

import dev.detour.mirror.MirrorResource;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Told what becomes of answers that pass by. No method fails. */
public interface CaptureObserver {
    /** An observer that does not care. */
    CaptureObserver NONE = new CaptureObserver() {};

    /**
     * An answer has been dealt with, or turned away. Called on event loops for {@link CaptureOutcome#DROPPED_FULL}, so it must
     * not block then.
     *
     * @param detail "" where there is nothing to say
     */
    default void onOutcome(MirrorResource resource, CaptureOutcome outcome, String detail) {}

    /**
     * The index has given somebody this page, which is about to be kept, or is kept already. On the capture's own thread.
     *
     * @param stored what is kept now, or null for nothing
     * @param captured canonical JSON
     * @param serial of {@code captured}, if it has one
     */
    default void onPage(String project, byte @Nullable [] stored, byte[] captured, OptionalLong serial) {}
}
