package dev.detour.admin.client;

import org.jspecify.annotations.Nullable;

/** A request to the admin API that failed. The message is one line for the person at the terminal. */
public final class AdminClientException extends Exception {
    private final int status;

    AdminClientException(String message, int status, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The HTTP status of the answer, or 0 if there was none. */
    public int status() {
        return status;
    }
}
