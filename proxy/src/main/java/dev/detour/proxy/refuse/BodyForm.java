package dev.detour.proxy.refuse;

import java.util.List;

/** The forms a refusal can have. */
enum BodyForm {
    TEXT("text/plain; charset=utf-8", "text/plain"),
    /** uv reads a JSON body only if the type is exactly this. */
    JSON("application/json", "application/json"),
    /**
     * RFC 9457, which uv prints if the type is exactly this. Whoever wants JSON of any kind gets it, and so do installers:
     * theirs is the Simple JSON type, and the HTML they name beside it is for pages and not for reading.
     */
    PROBLEM(
            "application/problem+json",
            "application/problem+json",
            "application/json",
            "application/vnd.pypi.simple.v1+json",
            "application/vnd.pypi.simple.latest+json",
            "application/vnd.pypi.integrity.v1+json"),
    HTML("text/html; charset=utf-8", "text/html", "application/xhtml+xml"),
    FAULT("text/xml", "text/xml");

    private final String contentType;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> answers;

    BodyForm(String contentType, String... answers) {
        this.contentType = contentType;
        this.answers = List.of(answers);
    }

    String contentType() {
        return contentType;
    }

    /** The media types that it satisfies. */
    List<String> answers() {
        return answers;
    }
}
