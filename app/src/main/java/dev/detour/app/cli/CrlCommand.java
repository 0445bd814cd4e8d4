package dev.detour.app.cli;

import dev.detour.admin.client.AdminClientException;
import dev.detour.health.crl.CrlAssessment;
import dev.detour.health.crl.CrlFacts;
import dev.detour.health.crl.CrlFormatException;
import dev.detour.health.crl.CrlHistory;
import dev.detour.health.crl.CrlObservation;
import dev.detour.health.crl.CrlReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code detour crl}: how large CRLs are, how large they will be, and whether they are good. */
@Command(
        name = "crl",
        description =
                "Shows the size, age and signature of CRLs, and when they outgrow what stores them, without a running"
                        + " instance; or, without a FILE or URL, of those that a running instance watches.",
        mixinStandardHelpOptions = true,
        footer = {
            "Exit codes: 2 over the limit, stale, with a broken signature, or not readable; 1 at 70 %% of the limit, at the"
                    + " limit within 30 days by its growth or if every live certificate were revoked, or with a signature"
                    + " that --issuer cannot check; 3 if nothing could be read; 0 otherwise."
        })
final class CrlCommand implements Callable<Integer> {
    private final PrintWriter out;
    private final PrintWriter err;
    private final Clock clock;

    @Parameters(arity = "0..*", paramLabel = "FILE|URL", description = "a CRL in DER or PEM")
    private List<String> sources = new ArrayList<>();

    @Mixin
    private CrlOptions options = new CrlOptions();

    @Mixin
    private AdminOptions admin = new AdminOptions();

    CrlCommand(PrintWriter out, PrintWriter err, Clock clock) {
        this.out = out;
        this.err = err;
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandFailure, AdminClientException, InterruptedException {
        if (sources.isEmpty()) {
            return watched();
        }
        List<CrlFile> files = new ArrayList<>();
        for (String source : sources) {
            files.add(CrlFile.of(source, options.trust()));
        }
        CrlReader reader = options.reader();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        CrlReport report = new CrlReport(now, options.limit());
        boolean remembered = true;
        for (CrlFile file : files) {
            try {
                CrlFacts facts = file.read(reader);
                List<CrlObservation> observations = new ArrayList<>();
                remembered &= remember(file, facts, now, observations);
                report.add(file.name(), facts, CrlAssessment.of(facts, options.terms(), observations, now));
            } catch (CrlFormatException e) {
                report.addBroken(file.name(), String.valueOf(e.getMessage()));
            } catch (IOException e) {
                report.addUnread(file.name(), CrlFile.why(e));
            }
        }
        out.print(admin.json() ? Json.line(report.json()) : report.text());
        out.flush();
        int exitCode = report.exitCode();
        return remembered || exitCode != ExitCode.OK ? exitCode : ExitCode.WARNING;
    }

    private int watched() throws CommandFailure, AdminClientException {
        if (options.given()) {
            throw CommandFailure.usage(
                    "--limit, --issuer, --trust, --lifetime, --live and --history are for a FILE or URL; an instance goes by"
                            + " its configuration");
        }
        JsonNode answer = admin.open().get(WatchedCrls.PATH);
        WatchedCrls crls = new WatchedCrls(answer);
        out.print(admin.json() ? Json.line(answer) : crls.text());
        out.flush();
        return crls.exitCode();
    }

    /** Whether the history, if there is one, could be read and written; without it there is no forecast. */
    private boolean remember(CrlFile file, CrlFacts facts, Instant now, List<CrlObservation> observations) {
        CrlHistory history = options.history();
        if (history == null) {
            return true;
        }
        try {
            observations.addAll(history.of(file.key(), facts.issuer()));
            observations.add(new CrlObservation(now, facts.bytes(), facts.entries()));
            history.add(file.key(), facts, now);
            return true;
        } catch (IOException e) {
            err.println("detour: --history: " + CrlFile.why(e));
            return false;
        }
    }
}
