package dev.detour.app.cli;

import dev.detour.health.crl.CrlAssessment;
import dev.detour.health.crl.CrlFacts;
import dev.detour.health.crl.CrlLevel;
import dev.detour.health.crl.CrlLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What {@code detour crl} found out about each CRL, for people and for programs. */
final class CrlReport {
    private final Instant now;
    private final @Nullable CrlLimit limit;
    private final List<Found> found = new ArrayList<>();

    CrlReport(Instant now, @Nullable CrlLimit limit) {
        this.now = now;
        this.limit = limit;
    }

    /**
     * One CRL.
     *
     * @param problem why there are no facts, or null
     * @param read whether its bytes came, whatever they were
     */
    private record Found(
            String source,
            @Nullable CrlFacts facts,
            @Nullable CrlAssessment assessment,
            @Nullable String problem,
            boolean read) {
        CrlLevel level() {
            return assessment == null ? CrlLevel.CRITICAL : assessment.level();
        }
    }

    void add(String source, CrlFacts facts, CrlAssessment assessment) {
        found.add(new Found(source, facts, assessment, null, true));
    }

    /** What was read and is no CRL. */
    void addBroken(String source, String problem) {
        found.add(new Found(source, null, null, problem, true));
    }

    /** What could not be read. */
    void addUnread(String source, String problem) {
        found.add(new Found(source, null, null, problem, false));
    }

    int exitCode() {
        if (found.stream().noneMatch(Found::read)) {
            return ExitCode.UNKNOWN;
        }
        return switch (worst()) {
            case OK -> ExitCode.OK;
            case WARNING -> ExitCode.WARNING;
            case CRITICAL -> ExitCode.CRITICAL;
        };
    }

    private CrlLevel worst() {
        return found.stream().map(Found::level).max(CrlLevel::compareTo).orElse(CrlLevel.OK);
    }

    private String status(Found each) {
        return found.stream().anyMatch(Found::read) || each.read()
                ? each.level().label()
                : "unknown";
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (Found each : found) {
            text.append(text.length() == 0 ? "" : "\n")
                    .append(status(each).toUpperCase(Locale.ROOT))
                    .append("  ")
                    .append(each.source())
                    .append('\n');
            if (each.problem() != null) {
                text.append("  ").append(each.problem()).append('\n');
            }
            if (each.facts() != null && each.assessment() != null) {
                each.assessment()
                        .findings()
                        .forEach(finding ->
                                text.append("  ").append(finding.text()).append('\n'));
                table(each.facts(), each.assessment()).print("  ", text);
            }
        }
        return text.toString();
    }

    private Table table(CrlFacts facts, CrlAssessment assessment) {
        Table table = new Table();
        table.row("issuer", facts.issuer());
        table.row("number", facts.number() == null ? "none" : facts.number() + (facts.delta() ? " (delta)" : ""));
        table.row("entries", Long.toString(facts.entries()));
        table.row("size", size(facts.bytes()));
        table.row("this update", when(facts.thisUpdate()));
        table.row("next update", facts.nextUpdate() == null ? "none" : when(facts.nextUpdate()));
        table.row("signature", words(facts) + " (" + facts.algorithm() + ")");
        if (assessment.unpruned() != null) {
            table.row("unpruned", "at least " + assessment.unpruned() + " entries of expired certificates");
        }
        if (assessment.limitReached() != null) {
            table.row("limit reached", when(assessment.limitReached()));
        }
        if (assessment.steadyState() != null) {
            table.row("steady state", size(assessment.steadyState()));
        }
        if (assessment.shock() != null) {
            table.row("all revoked", size(assessment.shock()));
        }
        return table;
    }

    private String size(long bytes) {
        String size = bytes + " bytes";
        return limit == null
                ? size
                : size
                        + String.format(
                                Locale.ROOT,
                                ", %.1f %% of %d (%s)",
                                100 * limit.share(bytes),
                                limit.bytes(),
                                limit.name());
    }

    private String when(Instant time) {
        Duration until = Duration.between(now, time);
        return time + (until.isNegative() ? " (" + Durations.words(until.negated()) + " ago)" : in(until));
    }

    private static String in(Duration until) {
        return until.isZero() ? " (now)" : " (in " + Durations.words(until) + ")";
    }

    private static String words(CrlFacts facts) {
        return switch (facts.signature()) {
            case GOOD -> "good";
            case BAD -> "BROKEN";
            case NO_ISSUER -> "not checked";
            case UNSUPPORTED -> "not supported";
        };
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        boolean any = found.stream().anyMatch(Found::read);
        json.put("status", any ? worst().label() : "unknown").put("at", now.toString());
        if (limit != null) {
            json.putObject("limit").put("name", limit.name()).put("bytes", limit.bytes());
        }
        ArrayNode crls = json.putArray("crls");
        for (Found each : found) {
            ObjectNode crl = crls.addObject().put("source", each.source()).put("status", status(each));
            crl.put("problem", each.problem());
            if (each.facts() != null && each.assessment() != null) {
                findings(each.assessment(), crl.putArray("findings"));
                facts(each.facts(), crl);
                assessment(each.assessment(), crl);
            }
        }
        return json;
    }

    private static void findings(CrlAssessment assessment, ArrayNode findings) {
        assessment
                .findings()
                .forEach(finding -> findings.addObject()
                        .put("level", finding.level().label())
                        .put("text", finding.text()));
    }

    private static void facts(CrlFacts facts, ObjectNode crl) {
        crl.put("issuer", facts.issuer())
                .put("number", text(facts.number()))
                .put("delta", facts.delta())
                .put("authorityKey", facts.authorityKey())
                .put("bytes", facts.bytes())
                .put("entries", facts.entries())
                .put("bytesPerEntry", facts.meanEntry())
                .put("thisUpdate", facts.thisUpdate().toString())
                .put("nextUpdate", text(facts.nextUpdate()))
                .put("oldestRevocation", text(facts.revocations().oldest()))
                .put("newestRevocation", text(facts.revocations().newest()))
                .put("algorithm", facts.algorithm())
                .put("signature", facts.signature().name().toLowerCase(Locale.ROOT));
    }

    private static void assessment(CrlAssessment assessment, ObjectNode crl) {
        crl.put("share", assessment.share())
                .put("limitReached", text(assessment.limitReached()))
                .put("unpruned", assessment.unpruned())
                .put("steadyStateBytes", assessment.steadyState())
                .put("shockBytes", assessment.shock());
    }

    /** Numbers of a CRL may be larger than programs read, so that they are text like the times. */
    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
