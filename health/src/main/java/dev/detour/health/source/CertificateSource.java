package dev.detour.health.source;

/**
 * A place where certificates are looked for again and again.
 *
 * <p>Used by one thread at a time, which is never an event loop.
 */
public interface CertificateSource extends AutoCloseable {
    /** As configured; no two sources have the same. */
    String name();

    SourceKind kind();

    /**
     * Looks once, and may take seconds for it. Whatever cannot be seen is a problem in the result, never an exception, and hides
     * nothing else: whoever looks again and again keeps what was last seen there.
     *
     * @throws InterruptedException if the thread is to stop
     */
    Look look() throws InterruptedException;

    /**
     * Has {@code look} called, from any thread, whenever a look would see something new: for what does not wait until the next
     * turn. Sources that cannot know never call it.
     */
    default void onChange(Runnable look) {}

    /** Lets go of connections and threads; after it nobody looks any more. */
    @Override
    default void close() {}
}
