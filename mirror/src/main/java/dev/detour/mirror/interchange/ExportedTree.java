package dev.detour.mirror.interchange;

import java.nio.file.Path;

/**
 * Where an exported tree has its files.
 *
 * @param web what a web server serves
 * @param hashIndex whether pages lie below a directory of their first character
 */
record ExportedTree(Path web, boolean hashIndex) {
    static final String HTML = "index.html";
    static final String V1_HTML = "index.v1_html";
    static final String JSON = "index.v1_json";

    Path simple() {
        return web.resolve("simple");
    }

    /** The directory of a project's page. */
    Path page(String project) {
        return hashIndex ? simple().resolve(project.substring(0, 1)).resolve(project) : simple().resolve(project);
    }

    /** A project's JSON API document. */
    Path document(String project) {
        return web.resolve("json").resolve(project);
    }

    /** The same under the path that clients ask for. */
    Path documentForClients(String project) {
        return web.resolve("pypi").resolve(project).resolve("json");
    }

    Path packages() {
        return web.resolve("packages");
    }

    Path integrity() {
        return web.resolve("integrity");
    }
}
