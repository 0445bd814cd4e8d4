package dev.detour.mirror.store;

import java.io.IOException;

/** The store cannot be opened, read or written; the message is one line for the operator. */
public final class StoreException extends IOException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
