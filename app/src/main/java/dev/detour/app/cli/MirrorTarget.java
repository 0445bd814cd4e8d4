package dev.detour.app.cli;

import dev.detour.config.DetourConfig;
import dev.detour.config.MirrorConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
     * Reads every page, document and file of the generations of a store.
     *
     * @param key what they must be signed with, or null for the store's own
     * @return whether all is as it was signed
     */
    boolean verify(Path store, @Nullable Path key, PrintWriter out) throws IOException;
}
