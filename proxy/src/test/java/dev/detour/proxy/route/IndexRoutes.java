package dev.detour.proxy.route;

import static dev.detour.config.ApiClass.FILE;
import static dev.detour.config.ApiClass.JSON;
import static dev.detour.config.ApiClass.OIDC;
import static dev.detour.config.ApiClass.OTHER;
import static dev.detour.config.ApiClass.SIMPLE;
import static dev.detour.config.ApiClass.UPLOAD;
import static dev.detour.config.ApiClass.WEB;
import static dev.detour.config.ApiClass.XMLRPC;

import dev.detour.config.ApiClass;
import dev.detour.config.Fallback;
import dev.detour.config.RouteConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Routes of an index such as PyPI's, and short ways to write others. */
final class IndexRoutes {
    static final Set<String> READ = Set.of("GET", "HEAD");
    static final Set<String> POST = Set.of("POST");
    static final Set<String> ANY = Set.of();

    private static final Map<String, String> XML = Map.of("Content-Type", "text/xml*");

    private final List<RouteConfig> routes = new ArrayList<>();

    private IndexRoutes() {}

    static List<RouteConfig> all() {
        IndexRoutes index = new IndexRoutes();
        index.installers();
        index.writers();
        index.actions();
        index.pages();
        index.rest();
        return List.copyOf(index.routes);
    }

    static RouteConfig route(String name, String path, ApiClass api) {
        return route(name, null, path, ANY, Map.of(), Map.of(), api);
    }

    static RouteConfig route(
            String name,
            @Nullable String host,
            String path,
            Set<String> methods,
            Map<String, String> headers,
            Map<String, String> query,
            ApiClass api) {
        return new RouteConfig(
                name,
                new RouteConfig.Match(host, path, methods, headers, query),
                api,
                "warehouse",
                "local",
                List.of(Fallback.STALE, Fallback.MIRROR, Fallback.REFUSE));
    }

    private void installers() {
        add("simple-index", "/simple/", READ, SIMPLE);
        add("simple-index-no-slash", "/simple", READ, SIMPLE);
        add("simple-project", "/simple/{project}/", READ, SIMPLE);
        add("simple-project-no-slash", "/simple/{project}", READ, SIMPLE);
        add("simple-other", "/simple/**", ANY, SIMPLE);
        add("json-project", "/pypi/{project}/json", READ, JSON);
        add("json-project-slash", "/pypi/{project}/json/", READ, JSON);
        add("json-release", "/pypi/{project}/{version}/json", READ, JSON);
        add("json-release-slash", "/pypi/{project}/{version}/json/", READ, JSON);
        add("provenance", "/integrity/{project}/{version}/{filename}/provenance", READ, JSON);
        add("files", "/packages/**", READ, FILE);
    }

    private void writers() {
        for (String path : List.of("/pypi", "/pypi/", "/RPC2")) {
            routes.add(route("xmlrpc" + path.replace('/', '-'), null, path, POST, XML, Map.of(), XMLRPC));
        }
        add("upload", "/legacy/", POST, UPLOAD);
        add("upload-no-slash", "/legacy", POST, UPLOAD);
        for (String action : List.of("file_upload", "submit", "submit_pkg_info", "doc_upload")) {
            action("upload-moved-" + action, POST, action, UPLOAD);
        }
        add("oidc-audience", "/_/oidc/audience", READ, OIDC);
        add("oidc-mint", "/_/oidc/mint-token", POST, OIDC);
        add("oidc-mint-github", "/_/oidc/github/mint-token", POST, OIDC);
        add("hooks-ses", "/_/ses-hook/", POST, OTHER);
        add("hooks-secrets", "/_/secrets/disclose-token", POST, OTHER);
        add("hooks-github-secrets", "/_/github/disclose-token", POST, OTHER);
        add("hooks-osv", "/_/vulnerabilities/osv/report", POST, OTHER);
        add("hooks-billing", "/billing/webhook/", POST, OTHER);
    }

    private void actions() {
        for (String action :
                List.of("list_classifiers", "search", "browse", "files", "display", "doap", "rss", "packages_rss")) {
            action("action-" + action, READ, action, WEB);
        }
        add("rss-updates", "/rss/updates.xml", READ, WEB);
        add("rss-packages", "/rss/packages.xml", READ, WEB);
        add("rss-project", "/rss/project/{project}/releases.xml", READ, WEB);
    }

    private void pages() {
        add("sitemap-xml", "/sitemap.xml", READ, WEB);
        add("robots", "/robots.txt", READ, WEB);
        add("security-txt", "/.well-known/security.txt", READ, WEB);
        add("account", "/account/**", Set.of("GET", "HEAD", "POST"), WEB);
        add("manage", "/manage/**", Set.of("GET", "HEAD", "POST"), WEB);
        add("home", "/", READ, WEB);
        add("project", "/project/{project}/", READ, WEB);
        add("release", "/project/{project}/{version}/", READ, WEB);
        add("user", "/user/{user}/", READ, WEB);
        add("organization", "/org/{organization}/", READ, WEB);
        for (String page : List.of("classifiers", "help", "security", "sponsors", "trademarks", "sitemap", "stats")) {
            add(page, "/" + page + "/", READ, WEB);
        }
        add("short-project", "/p/**", READ, WEB);
        add("short-user", "/u/**", READ, WEB);
        add("search", "/search/", READ, WEB);
    }

    private void rest() {
        add("admin", "/admin/**", ANY, WEB);
        add("danger", "/danger-api/projects/{project}/observations", ANY, OTHER);
        add("static", "/static/**", READ, WEB);
        add("health", "/_health/", READ, OTHER);
        add("force-status", "/_force-status/{status}/", READ, OTHER);
        add("web-other", "/**", READ, WEB);
        add("other", "/**", ANY, OTHER);
    }

    private void add(String name, String path, Set<String> methods, ApiClass api) {
        routes.add(route(name, null, path, methods, Map.of(), Map.of(), api));
    }

    private void action(String name, Set<String> methods, String action, ApiClass api) {
        routes.add(route(name, null, "/pypi", methods, Map.of(), Map.of(":action", action), api));
    }
}
