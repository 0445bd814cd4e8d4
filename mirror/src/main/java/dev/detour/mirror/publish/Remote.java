package dev.detour.mirror.publish;

import dev.detour.mirror.store.StoreException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A publication somewhere else. Thread-safe. */
interface Remote {
    /**
     * A small file.
     *
     * @param tag of the last answer, if the file is wanted only when it has changed; or null
     * @return null if it has not changed
     * @throws IOException if there is no such file or no complete answer; the message names it
     */
    @Nullable Received get(String relative, long maxBytes, @Nullable String tag) throws IOException;

    /**
     * Fetches a file, or the rest of one that has been begun.
     *
     * @param into what is there of it already; it may grow even if this fails
     * @param size what the file must have
     * @return the hash of the whole file
     * @throws IOException if it could not be fetched to its end; the message names it
     */
    String fetch(String relative, Path into, long size) throws IOException;

    /** For messages. */
    String name(String relative);

    /**
     * A small file as it was received.
     *
     * @param tag to ask for changes with, or null
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Received(byte[] content, @Nullable String tag) {}

    /**
     * The publication at a URL.
     *
     * @param stall how long a transfer may make no progress
     * @throws StoreException if nothing can be followed at such a URL
     */
    static Remote at(URI url, Duration stall) throws StoreException {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        boolean plain = url.getRawQuery() == null && url.getRawFragment() == null && url.getRawUserInfo() == null;
        if ((scheme.equals("http") || scheme.equals("https")) && url.getHost() != null && plain) {
            return new WebRemote(url, stall);
        }
        if (scheme.equals("file") && url.getPath() != null && plain) {
            return new DirectoryRemote(Path.of(url.getPath()));
        }
        throw new StoreException("nothing can be followed at " + scheme + "://" + url.getHost()
                + " (expected: http://…, https://… or file:///…, without user, query and fragment)");
    }
}
