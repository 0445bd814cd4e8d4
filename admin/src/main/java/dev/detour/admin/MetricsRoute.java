package dev.detour.admin;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code GET /metrics}: every meter, in the Prometheus text format or in OpenMetrics where that is asked for. */
public final class MetricsRoute {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private MetricsRoute() {}

    public static AdminRoute of(PrometheusMeterRegistry registry) {
        return AdminRoute.get("/metrics", request -> {
            String type = prefersOpenMetrics(request.header("Accept")) ? OPEN_METRICS : TEXT;
            return AdminResponse.text(200, type, registry.scrape(type));
        });
    }

    /**
     * Whether OpenMetrics is named and plain text is not named with a higher quality (RFC 9110 section 12.5.1). Wildcards do
     * not count: who does not name OpenMetrics may not be able to read it.
     */
    static boolean prefersOpenMetrics(@Nullable String accept) {
        if (accept == null) {
            return false;
        }
        double openMetrics = 0;
        double text = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = range.split(";", -1);
            String type = parts[0].strip();
            if (type.equals("application/openmetrics-text")) {
                openMetrics = Math.max(openMetrics, quality(parts));
            } else if (type.equals("text/plain")) {
                text = Math.max(text, quality(parts));
            }
        }
        return openMetrics > 0 && openMetrics >= text;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2).strip());
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
