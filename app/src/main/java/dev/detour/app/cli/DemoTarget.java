package dev.detour.app.cli;

import java.io.IOException;
import java.util.List;

/** What {@code detour demo} starts, and how a second terminal breaks and heals it. */
public interface DemoTarget {
    /** The word that {@code detour demo heal} passes to {@link #apply}. */
    String HEAL = "heal";

    /** Every word that {@code detour demo break} takes, in the order in which help shows them. */
    List<String> faults();

    /**
     * Runs the demo until the process is told to stop.
     *
     * @param port where clients connect, on the loopback address
     * @param adminPort where the admin API listens, on the loopback address
     * @throws IOException if it cannot start; the message is one line for the person at the terminal
     * @throws CommandFailure if it cannot start, with another exit code than 2
     * @throws InterruptedException if the calling thread is told to stop
     */
    void run(int port, int adminPort) throws IOException, CommandFailure, InterruptedException;

    /**
     * Changes the demo that runs in another process.
     *
     * @param adminPort where its admin API listens, on the loopback address
     * @param fault one of {@link #faults()}, or {@link #HEAL}
     * @return a sentence that says what is in force now
     * @throws CommandFailure if no demo runs there, or it refuses
     */
    String apply(int adminPort, String fault) throws CommandFailure;
}
