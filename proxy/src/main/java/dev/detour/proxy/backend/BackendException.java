package dev.detour.proxy.backend;

import java.io.IOException;

/** A backend that cannot be set up as configured; the message is one line that names the setting and the reason. */
public final class BackendException extends IOException {
    BackendException(String message, Throwable cause) {
        super(message, cause);
    }
}
