package dev.detour.mirror.sync;

import dev.detour.mirror.page.PageFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The form in which an index gives Simple pages. An index whose list is JSON gives JSON: HTML from it is the error page of
 * something in between, whatever the status says.
 */
enum SimpleForm {
    JSON,
    HTML;

    /** Under which name the list's form is noted. */
    static final String NOTE = "list-form";

    static SimpleForm of(String contentType) {
        return switch (contentType) {
            case "application/vnd.pypi.simple.v1+json", "application/json" -> JSON;
            case "text/html", "application/vnd.pypi.simple.v1+html" -> HTML;
            default ->
                throw new PageFormatException("Content-Type is '" + contentType
                        + "' (expected: application/vnd.pypi.simple.v1+json or text/html)");
        };
    }

    /**
     * Fails if the index gives JSON and this is not.
     *
     * @param usual the list's form as noted, or null if no list has been seen yet
     */
    void expectAsBefore(@Nullable String usual) {
        if (this == HTML && JSON.name().equals(usual)) {
            throw new PageFormatException("it is HTML (expected: JSON, as the index gave it before)");
        }
    }
}
