package dev.detour.mirror.interchange;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Where pages come from. Asked by one thread; the work it hands out is done by any. */
sealed interface Source extends AutoCloseable permits TreeSource, PagesSource {
    /** The project list without its projects. */
    ObjectNode listHead();

    /** When the index's list was asked for that this state agrees with, or null if it does not say. */
    @Nullable Instant taken();

    /** The next work to be done, in the order of the source, or null if that was all. */
    @Nullable Callable<List<Candidate>> next() throws IOException;

    @Override
    void close() throws IOException;
}
