package dev.detour.app.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.support.AccessEntry;
import dev.detour.app.support.ProgramRun;
import java.util.List;
import java.util.Locale;

/**
 * What an installer did, as far as its user and the operator of the index can see.
 *
 * @param run the program's exit code and output
 * @param picked {@code name-version} of everything it chose, sorted
 * @param requests all it asked for through Detour
 */
record Outcome(ProgramRun run, List<String> picked, List<AccessEntry> requests) {

    /** Checks that the user noticed nothing: success, no complaint, every request answered. */
    void assertUneventful() {
        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.lines())
                .as("%s", run)
                .noneMatch(line ->
                        line.toLowerCase(Locale.ROOT).matches(".*(warning|error|retry|could not|failed|traceback).*"));
        assertThat(requests).isNotEmpty().allMatch(request -> request.status() == 200);
    }

    /** Checks that every answer came from there. */
    void assertAnsweredBy(String source) {
        assertThat(requests).isNotEmpty().allMatch(request -> request.source().equals(source));
    }

    /** Checks that the installer chose the same versions and needed no other files to find them. */
    void assertSameAs(Outcome other) {
        assertThat(picked).as("%s", run).isEqualTo(other.picked());
        assertThat(fetched()).as("%s", run).isEqualTo(other.fetched());
    }

    /** What it asked for, sorted; installers may fetch in any order. */
    List<String> fetched() {
        return requests.stream()
                .map(request -> request.method() + " " + request.target())
                .sorted()
                .toList();
    }
}
