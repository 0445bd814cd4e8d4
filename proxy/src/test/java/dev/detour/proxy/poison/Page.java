package dev.detour.proxy.poison;

import java.util.Locale;

/** A kind of address that is kept, with names that no other test uses. */
enum Page {
    SIMPLE("/simple/%s/"),
    JSON("/pypi/%s/json"),
    FILE("/packages/%s.whl"),
    WEB("/project/%s/");

    private final String template;

    Page(String template) {
        this.template = template;
    }

    String named(String name) {
        return String.format(Locale.ROOT, template, name);
    }
}
