package dev.detour.proxy.refuse;

import org.jspecify.annotations.Nullable;

/**
 * The page that people see in a browser: one file without scripts or anything to load, since what it would load may be
 * broken too.
 *
 * @param heading title and heading
 * @param text what does not work
 * @param statusUrl where to read more, or null
 * @param retryAfterSeconds when to try again, or 0 for no advice
 * @param situation what works
 * @param requestId what to quote in a report, or null
 */
record HtmlPage(
        String heading,
        String text,
        @Nullable String statusUrl,
        int retryAfterSeconds,
        Situation situation,
        @Nullable String requestId) {
    /** The page allows itself nothing but its own style. */
    static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <meta name="color-scheme" content="light dark">
            <title>%1$s</title>
            <style>
            body { font: 1.125rem/1.6 system-ui, sans-serif; max-width: 38rem; margin: 0 auto; padding: 3rem 1.25rem; }
            h1 { font-size: 1.75rem; line-height: 1.2; }
            h2 { font-size: 1.25rem; margin-top: 2rem; }
            footer { margin-top: 2rem; font-size: 0.875rem; overflow-wrap: anywhere; }
            </style>
            </head>
            <body>
            <main>
            <h1>%1$s</h1>
            <p>%2$s</p>
            %3$s<h2>What works now</h2>
            <ul>
            <li>%4$s</li>
            <li>%5$s</li>
            </ul>
            </main>
            %6$s</body>
            </html>
            """;

    String render() {
        return PAGE.formatted(
                Markup.escape(heading),
                Markup.escape(text),
                advice(),
                situation.installs() ? "Installing packages still works." : "Installing packages may fail for now.",
                situation.uploads() ? "Uploading packages works." : "Uploads are refused for now.",
                footer());
    }

    private String advice() {
        StringBuilder advice = new StringBuilder();
        if (retryAfterSeconds > 0) {
            advice.append("<p>Try again in about ").append(duration()).append(".</p>\n");
        }
        if (statusUrl != null) {
            String url = Markup.escape(statusUrl);
            boolean link = statusUrl.startsWith("https://") || statusUrl.startsWith("http://");
            advice.append("<p>More about it: ")
                    .append(link ? "<a href=\"" + url + "\">" + url + "</a>" : url)
                    .append("</p>\n");
        }
        return advice.toString();
    }

    private String duration() {
        if (retryAfterSeconds < 60) {
            return retryAfterSeconds == 1 ? "a second" : retryAfterSeconds + " seconds";
        }
        int minutes = (retryAfterSeconds + 59) / 60;
        return minutes == 1 ? "a minute" : minutes + " minutes";
    }

    private String footer() {
        return requestId == null ? "" : "<footer>Request <code>" + Markup.escape(requestId) + "</code></footer>\n";
    }
}
