package dev.detour.mirror.tombstone;

import java.io.IOException;

/** Something is there, but a tombstone leaves nothing of it that may be served; the message is {@link Tombstone#detail}. */
public final class WithheldException extends IOException {
    private static final long serialVersionUID = 1L;

    WithheldException(Tombstone tombstone) {
        super(tombstone.detail());
    }
}
