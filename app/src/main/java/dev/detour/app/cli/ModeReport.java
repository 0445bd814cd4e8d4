package dev.detour.app.cli;

import tools.jackson.databind.JsonNode;

/** The modes in force, as an instance answered them. */
record ModeReport(JsonNode answer) {
    String json() {
        return Json.line(answer);
    }

    /** One line for everywhere, one for each narrower place. */
    String text() {
        StringBuilder out = new StringBuilder();
        String everywhere = answer.path("mode").asString("unknown");
        boolean listed = false;
        for (JsonNode rule : answer.path("modes")) {
            if (!rule.path("backend").isString() && !rule.path("route").isString()) {
                listed = true;
            }
        }
        if (!listed) {
            out.append("everywhere: ").append(everywhere).append('\n');
        }
        answer.path("modes").forEach(rule -> line(rule, out));
        return out.toString();
    }

    private static void line(JsonNode rule, StringBuilder out) {
        if (rule.path("route").isString()) {
            out.append("route ").append(rule.path("route").stringValue());
        } else if (rule.path("backend").isString()) {
            out.append("backend ").append(rule.path("backend").stringValue());
        } else {
            out.append("everywhere");
        }
        out.append(": ").append(rule.path("mode").asString("unknown"));
        detail(rule, "since", "", out);
        detail(rule, "until", "", out);
        detail(rule, "reason", "\"", out);
        detail(rule, "message", "\"", out);
        out.append('\n');
    }

    private static void detail(JsonNode rule, String key, String quote, StringBuilder out) {
        if (rule.path(key).isString()) {
            out.append(", ").append(key).append(' ');
            out.append(quote).append(rule.path(key).stringValue()).append(quote);
        }
    }
}
