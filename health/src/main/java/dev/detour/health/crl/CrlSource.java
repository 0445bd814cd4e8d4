package dev.detour.health.crl;

import java.io.IOException;

/** A place where one CRL is read again and again. Used by one thread at a time, which is never an event loop. */
public interface CrlSource {
    /** What it is called in the configuration. */
    String name();

    /** Where it is: a file or a URL. No two sources have both name and place in common. */
    String place();

    /**
     * Reads it once, and may take a minute for it.
     *
     * @throws CrlFormatException if what is there is no CRL
     * @throws IOException if nothing could be read; the message is one line for people
     * @throws InterruptedException if the thread is to stop
     */
    CrlFacts read(CrlReader reader) throws IOException, CrlFormatException, InterruptedException;
}
