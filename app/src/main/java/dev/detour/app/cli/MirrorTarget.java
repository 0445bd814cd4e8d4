package dev.detour.app.cli;

import dev.detour.config.DetourConfig;
import dev.detour.config.MirrorConfig;
import dev.detour.config.StoreConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What {@code detour mirror} does to a store itself, without a running instance. */
public interface MirrorTarget {
    /**
     * One run of the sync.
     *
     * @param bar whether progress is painted over; log lines otherwise
     * @return whether the copy agrees with the index's list
     * @throws IOException if the store cannot be opened; the message is one line for the operator
     */
    boolean sync(DetourConfig config, MirrorConfig mirror, boolean bar, PrintWriter out)
            throws IOException, InterruptedException;

    /**
     * Takes over a tree of bandersnatch's or shadowmire's, or a pages file.
     *
     * @return whether every page was good
     */
    boolean importFrom(Path from, Path store, PrintWriter out) throws IOException, InterruptedException;

    /**
     * Writes the served generation as a tree in bandersnatch's layout.
     *
     * @param hashIndex whether pages lie below a directory of their first character
     */
    void exportTo(Path directory, Path store, boolean hashIndex, PrintWriter out)
            throws IOException, InterruptedException;

    /**
     * Writes the served generation as immutable files and a signed pointer.
     *
     * @param lifetime how long followers take it for new
     */
    void publish(Path directory, Path store, Duration lifetime, PrintWriter out) throws IOException;

    /**
     * Takes over what is published at a URL, once.
     *
     * @param key public key that it must be signed with
     * @param files release files that are taken over
     * @param filesLimit bytes of them
     */
    void follow(URI url, Path key, Path store, StoreConfig.Files files, long filesLimit, PrintWriter out)
            throws IOException;

    /**
     * Reads every page, document and file of the generations of a store.
     *
     * @param key what they must be signed with, or null for the store's own
     * @return whether all is as it was signed
     */
    boolean verify(Path store, @Nullable Path key, PrintWriter out) throws IOException;
}
