package dev.detour.app.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.support.ClientProgram;
import dev.detour.app.support.ProgramRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** curl, and what it shows of an answer. */
final class Curl {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ClientProgram program;

    private Curl(ClientProgram program) {
        this.program = program;
    }

    /** The program, if it is there; see {@link ClientProgram#require}. */
    static Curl require(String what) {
        // -q first: no settings; then silent but for errors, with the head of the answer, and never for ever
        return new Curl(ClientProgram.require("curl", what).with("-q", "-sS", "-i", "-m", "20"));
    }

    /** One request with these arguments, the last of which is the URL. */
    Shown ask(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        ProgramRun run = program.run(LIMIT, all);
        assertThat(run.exitCode()).as(run.toString()).isZero();
        return Shown.parse(run.output());
    }

    /**
     * An answer.
     *
     * @param headers by name in lower case; of several values the last
     */
    record Shown(int status, String reason, Map<String, String> headers, String body) {
        static Shown parse(String output) {
            int end = output.indexOf("\r\n\r\n");
            assertThat(end).as(output).isPositive();
            List<String> lines = output.substring(0, end).lines().toList();
            String[] words = lines.get(0).split(" ", 3);
            Map<String, String> headers = new TreeMap<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] pair = line.split(": ?", 2);
                headers.put(pair[0].toLowerCase(Locale.ROOT), pair[1]);
            }
            String reason = words.length > 2 ? words[2] : "";
            return new Shown(Integer.parseInt(words[1]), reason, headers, output.substring(end + 4));
        }

        /** The value of a header, or null. */
        @Nullable String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }
    }
}
