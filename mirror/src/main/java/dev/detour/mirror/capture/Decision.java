package dev.detour.mirror.capture;

import dev.detour.mirror.store.Change;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of one captured answer.
 *
 * @param detail "" where there is nothing to say
 * @param sample the page beside the one kept, or null if there is nothing to compare
 * @param write what is to be written, or null for nothing
 */
record Decision(
        CaptureOutcome outcome,
        String detail,
        @Nullable Sample sample,
        @Nullable Write write) {
    /** Puts what was captured into a change. */
    interface Write {
        void into(Change change);
    }

    /** A page that was captured, beside the one kept. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Sample(byte @Nullable [] stored, byte[] captured, OptionalLong serial) {}

    static Decision not(CaptureOutcome outcome, String detail) {
        return new Decision(outcome, detail, null, null);
    }

    static Decision unchanged() {
        return not(CaptureOutcome.UNCHANGED, "");
    }

    static Decision taken(Write write) {
        return new Decision(CaptureOutcome.TAKEN, "", null, write);
    }

    Decision with(Sample compared) {
        return new Decision(outcome, detail, compared, write);
    }
}
