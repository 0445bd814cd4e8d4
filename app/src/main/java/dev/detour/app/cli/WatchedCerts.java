package dev.detour.app.cli;

import dev.detour.health.certificate.SourceProblem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The certificates that a running instance watches, for a person, from the answer of {@code GET /api/v1/certificates}. */
final class WatchedCerts {
    static final String PATH = "/api/v1/certificates";

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final JsonNode answer;

    WatchedCerts(JsonNode answer) {
        this.answer = answer;
    }

    int exitCode() {
        return ExitCode.ofStatus(answer.path("status").asString(""));
    }

    String text(boolean coloured) {
        // those of dates and of what cannot be seen stand in the table and below it
        StringBuilder out =
                FindingsText.of(answer, rule -> !rule.startsWith("certificate_") && !rule.equals("source_blind"));
        return out.append('\n').append(CertsTable.print(report(), coloured)).toString();
    }

    private CertsReport report() {
        List<CertsReport.Entry> entries = new ArrayList<>();
        answer.path("certificates").forEach(each -> entries.add(JSON.treeToValue(each, CertsReport.Entry.class)));
        List<SourceProblem> problems = new ArrayList<>();
        for (JsonNode source : answer.path("sources")) {
            for (JsonNode trouble : source.path("troubles")) {
                problems.add(new SourceProblem(
                        SourceProblem.Kind.valueOf(
                                trouble.path("kind").asString("").toUpperCase(Locale.ROOT)),
                        trouble.path("place").asString(""),
                        trouble.path("found").asString(""),
                        trouble.path("expected").asString("")));
            }
        }
        return new CertsReport(
                exitCode(), Instant.parse(answer.path("at").asString("")), entries, List.of(), problems, 0, 0, 0);
    }
}
