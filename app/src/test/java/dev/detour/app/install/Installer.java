package dev.detour.app.install;

import dev.detour.app.support.DemoSession;
import dev.detour.app.support.ProgramRun;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program that resolves and fetches {@code demoapp} from an index. */
interface Installer {
    /** Runs in {@code directory}, which is empty, against the Simple API at {@code index}. */
    ProgramRun run(Path directory, URI index) throws IOException, InterruptedException;

    /** What it chose, as {@code name-version}, sorted; {@code directory} is the one it ran in. */
    List<String> picked(Path directory) throws IOException;

    /** Something done to a demo that nobody has asked anything yet. */
    interface Preparation {
        void apply(DemoSession session) throws IOException;
    }

    /**
     * Runs against a demo of its own, so that the very first request meets what {@code preparation} did.
     *
     * @param directory empty
     */
    default Outcome against(Path directory, Preparation preparation) throws IOException, InterruptedException {
        Path project = Files.createDirectories(directory.resolve("project"));
        DemoSession session = DemoSession.start(Files.createDirectories(directory.resolve("demo")));
        ProgramRun run;
        try (session) {
            preparation.apply(session);
            run = run(project, session.url().resolve("/simple/"));
        }
        // closing has written the last access lines
        return new Outcome(run, picked(project), session.lines().entries());
    }
}
