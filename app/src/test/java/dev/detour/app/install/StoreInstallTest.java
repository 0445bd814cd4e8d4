package dev.detour.app.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.cli.Cli;
import dev.detour.app.demo.DemoFault;
import dev.detour.app.demo.DemoIndex;
import dev.detour.app.demo.DemoPackages;
import dev.detour.app.serve.Mirroring;
import dev.detour.app.serve.Server;
import dev.detour.app.support.AccessLines;
import dev.detour.app.support.ProgramRun;
import dev.detour.config.ConfigLoader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real pip, poetry and twine against a mirror that Detour copied itself: what they get with the index up, they get without it. */
@Timeout(240)
class StoreInstallTest {
    private static final DemoPackages PACKAGES = new DemoPackages();

    @TempDir
    private Path directory = Path.of("");

    private String yaml(URI index) {
        return """
                listeners: [{address: "127.0.0.1:0"}]
                admin: {address: "127.0.0.1:0", token-file: admin.token}
                state: state
                cache: {memory: 0}
                backends: {demo: {endpoints: ["%s"], breaker: {minimum-calls: 2, open-for: 1s, ramp: 0s}}}
                mirrors: {local: {store: mirror, files: all, sync: {rate: 1000}}}
                index: {preset: pypi, backend: demo, mirror: local}
                """.formatted("http://127.0.0.1:" + index.getPort());
    }

    /** Copies the index, and runs an installer twice: with the index up, and without it. */
    private void assertSameFromTheMirrorAlone(Installer installer) throws Exception {
        try (DemoIndex index = DemoIndex.clear(PACKAGES, 0, Clock.systemUTC())) {
            Path config = Files.writeString(directory.resolve("detour.yaml"), yaml(index.uri()));
            assertThat(sync(config)).containsPattern("^[1-9]\\d* projects listed; .* confirmed");

            Outcome up = against(installer, config, "up");
            index.setFault(DemoFault.REFUSE);
            Outcome down = against(installer, config, "down");

            up.assertAnsweredBy("backend");
            down.assertUneventful();
            down.assertAnsweredBy("mirror");
            down.assertSameAs(up);
        }
    }

    private static String sync(Path config) {
        StringWriter out = new StringWriter();
        int exitCode = Cli.printingTo(new PrintWriter(out, true), new PrintWriter(out, true))
                .mirroring(new Mirroring())
                .run("mirror", "sync", "--config", config.toString());
        assertThat(exitCode).as("%s", out).isZero();
        return out.toString();
    }

    private Outcome against(Installer installer, Path config, String name) throws Exception {
        Path project = Files.createDirectories(directory.resolve(name));
        AccessLines lines = new AccessLines();
        ProgramRun run;
        try (Server server = Server.start(ConfigLoader.load(config), lines, List.of())) {
            run = installer.run(
                    project,
                    URI.create("http://127.0.0.1:" + server.addresses().get(0).getPort() + "/simple/"));
        }
        return new Outcome(run, installer.picked(project), lines.entries());
    }

    @Test
    void pipInstallsTheSameFromTheMirrorAlone() throws Exception {
        assertSameFromTheMirrorAlone(new Pip("pip installs from a store"));
    }

    @Test
    void whatIsDownloadedFromTheMirrorAloneIsWhatTwineWouldPublish() throws Exception {
        assertSameFromTheMirrorAlone(new CheckedDownload("twine checks what comes from a store"));
    }

    @Test
    void poetryLocksTheSameFromTheMirrorAlone() throws Exception {
        assertSameFromTheMirrorAlone(Poetry.locking("poetry locks from a store"));

        assertThat(lock("down")).isEqualTo(lock("up"));
    }

    /** The lock file but for the port of the day, which is hashed too. */
    private String lock(String name) throws Exception {
        return Files.readString(directory.resolve(name).resolve("poetry.lock"))
                .replaceAll("127\\.0\\.0\\.1:[0-9]+", "detour")
                .replaceAll("content-hash = .*", "");
    }
}
