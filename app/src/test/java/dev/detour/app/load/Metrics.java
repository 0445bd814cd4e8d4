package dev.detour.app.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The metrics of an instance at one moment. */
final class Metrics {
    private final List<Sample> samples = new ArrayList<>();

    private record Sample(String name, String labels, double value) {}

    /** Reads them from the text format of Prometheus. */
    Metrics(String text) {
        for (String line : text.split("\n", -1)) {
            int space = line.lastIndexOf(' ');
            if (!line.startsWith("#") && space > 0) {
                int brace = line.indexOf('{');
                String name = line.substring(0, brace < 0 ? space : brace);
                String labels = brace < 0 ? "" : line.substring(brace + 1, line.lastIndexOf('}'));
                samples.add(new Sample(name, labels, Double.parseDouble(line.substring(space + 1))));
            }
        }
    }

    /**
     * The sum over everything with this name and these labels, 0 if there is nothing.
     *
     * @param labels each as {@code name="value"}
     */
    long sum(String name, String... labels) {
        return Math.round(samples.stream()
                .filter(sample -> sample.name().equals(name))
                .filter(sample -> List.of(labels).stream().allMatch(sample.labels()::contains))
                .mapToDouble(Sample::value)
                .sum());
    }

    /** Requests that were finished. */
    long requests() {
        return sum("detour_requests_seconds_count");
    }

    /** Attempts that have their outcome. */
    long attempts() {
        return sum("detour_attempts_total");
    }

    /** Attempts with one of these outcomes. */
    long attempts(String... outcomes) {
        long sum = 0;
        for (String outcome : outcomes) {
            sum += sum("detour_attempts_total", "outcome=\"" + outcome + '"');
        }
        return sum;
    }

    /** Attempts that never had a connection to send a request on. */
    long attemptsUnsent() {
        return attempts("refused", "unreachable", "connect_timeout", "dns")
                + Math.round(samples.stream()
                        .filter(sample -> sample.name().equals("detour_attempts_total"))
                        .filter(sample -> sample.labels().contains("outcome=\"tls_"))
                        .mapToDouble(Sample::value)
                        .sum());
    }

    /** The lines of these names, for a person. */
    String lines(String... names) {
        StringBuilder lines = new StringBuilder();
        for (Sample sample : samples) {
            if (List.of(names).contains(sample.name())) {
                lines.append(
                        String.format(Locale.ROOT, "%n  %s{%s} %.0f", sample.name(), sample.labels(), sample.value()));
            }
        }
        return lines.toString();
    }
}
