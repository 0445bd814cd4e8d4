package dev.detour.proxy.server;

import dev.detour.config.HostPort;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A listener that cannot be opened; the message is one line that names the address or file and the reason. */
public final class ListenException extends IOException {
    private ListenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static ListenException cannotBind(HostPort address, @Nullable Throwable cause) {
        Throwable root = cause;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        String why = root == null ? "unknown reason" : String.valueOf(root.getMessage());
        if (root instanceof BindException || why.contains("Address already in use")) {
            why = why.contains("in use") ? "the port is in use" : why;
        }
        return new ListenException("listeners: cannot listen on " + address + ": " + why, cause);
    }

    static ListenException badIdentity(Path certificate, Path key, Throwable cause) {
        return new ListenException(
                "listeners: cannot use certificate " + certificate + " with key " + key + ": " + cause.getMessage(),
                cause);
    }
}
