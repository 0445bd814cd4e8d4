package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresetTest {
    private static final List<RouteConfig> MIRRORED = Preset.expand(new IndexConfig("pypi", "warehouse", "local"));
    private static final List<RouteConfig> ALONE = Preset.expand(new IndexConfig("pypi", "warehouse", null));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /simple/ | simple-index | simple | stale mirror refuse",
                "HEAD | /simple/ | simple-index | simple | stale mirror refuse",
                "GET | /simple | simple-index-no-slash | simple | stale mirror refuse",
                "GET | /simple/demo/ | simple-project | simple | stale mirror refuse",
                "HEAD | /simple/demo/ | simple-project | simple | stale mirror refuse",
                "GET | /simple/demo | simple-project-no-slash | simple | stale mirror refuse",
                "GET | /simple/demo/x/ | simple-other-paths | simple | stale refuse",
                "POST | /simple/ | simple-other-methods | simple | refuse",
                "DELETE | /simple/demo/ | simple-other-methods | simple | refuse",
                "OPTIONS | /simple/demo | simple-other-methods | simple | refuse",
                "PUT | /simple | simple-other-methods-no-slash | simple | refuse",
                "GET | /pypi/demo/json | json-project | json | stale mirror refuse",
                "HEAD | /pypi/demo/json | json-project | json | stale mirror refuse",
                "GET | /pypi/demo/json/ | json-project-slash | json | stale mirror refuse",
                "GET | /pypi/demo/1.0/json | json-release | json | stale mirror refuse",
                "GET | /pypi/demo/1.0/json/ | json-release-slash | json | stale mirror refuse",
                "POST | /pypi/demo/json | json-project-other-methods | json | refuse",
                "POST | /pypi/demo/json/ | json-project-slash-other-methods | json | refuse",
                "POST | /pypi/demo/1.0/json | json-release-other-methods | json | refuse",
                "POST | /pypi/demo/1.0/json/ | json-release-slash-other-methods | json | refuse",
                "GET | /integrity/demo/1.0/demo-1.0.tar.gz/provenance | provenance | json | stale mirror refuse",
                "POST | /integrity/demo/1.0/demo-1.0.tar.gz/provenance | provenance-other-methods | json | refuse",
                "GET | /packages/ab/cd/ef/demo-1.0.tar.gz | files | file | stale mirror refuse",
                "HEAD | /packages/source/d/demo/demo-1.0.tar.gz | files | file | stale mirror refuse",
                "POST | /packages/ab/cd/ef/demo-1.0.tar.gz | files-other-methods | file | refuse",
                "GET | /RPC2 | xmlrpc-rpc2-other-methods | xmlrpc | refuse",
                "POST | /legacy/ | upload | upload | refuse",
                "POST | /legacy | upload-no-slash | upload | refuse",
                "GET | /_/oidc/audience | oidc-audience | oidc | refuse",
                "POST | /_/oidc/mint-token | oidc-mint | oidc | refuse",
                "POST | /_/oidc/github/mint-token | oidc-mint-github | oidc | refuse",
                "POST | /_/oidc/gitlab/mint-token | oidc-other | oidc | refuse",
                "POST | /_/ses-hook/ | hooks-ses | other | refuse",
                "POST | /_/secrets/disclose-token | hooks-secrets | other | refuse",
                "POST | /_/github/disclose-token | hooks-github-secrets | other | refuse",
                "POST | /_/vulnerabilities/osv/report | hooks-osv | other | refuse",
                "POST | /billing/webhook/ | hooks-billing | other | refuse",
                "GET | /rss/updates.xml | rss-updates | web | stale refuse",
                "GET | /rss/packages.xml | rss-packages | web | stale refuse",
                "GET | /rss/project/demo/releases.xml | rss-project | web | stale refuse",
                "GET | /sitemap.xml | seo-sitemap | web | stale refuse",
                "GET | /aa.sitemap.xml | web-other | web | stale refuse",
                "GET | /robots.txt | seo-robots | web | stale refuse",
                "GET | /.well-known/security.txt | seo-security-txt | web | stale refuse",
                "GET | /.well-known/funding-manifest-urls | seo-funding-manifest | web | stale refuse",
                "GET | /opensearch.xml | seo-opensearch | web | stale refuse",
                "GET | /favicon.ico | seo-favicon | web | stale refuse",
                "GET | / | web-home | web | stale refuse",
                "GET | /project/demo/ | web-project | web | stale refuse",
                "GET | /project/demo/1.0/ | web-release | web | stale refuse",
                "POST | /project/demo/submit-malware-report/ | session-malware-report | web | refuse",
                "GET | /user/ada/ | web-user | web | stale refuse",
                "GET | /org/guild/ | web-organization | web | stale refuse",
                "GET | /classifiers/ | web-classifiers | web | stale refuse",
                "GET | /help/ | web-help | web | stale refuse",
                "GET | /security/ | web-security | web | stale refuse",
                "GET | /sponsors/ | web-sponsors | web | stale refuse",
                "GET | /trademarks/ | web-trademarks | web | stale refuse",
                "GET | /sitemap/ | web-sitemap | web | stale refuse",
                "GET | /stats/ | web-stats | web | stale refuse",
                "GET | /p/demo/ | web-short-project | web | stale refuse",
                "GET | /u/ada/ | web-short-user | web | stale refuse",
                "GET | /search/ | search | web | stale refuse",
                "POST | /account/login/ | session-account | web | refuse",
                "GET | /accounts/search/ | session-account-search | web | refuse",
                "GET | /manage/projects/ | session-manage | web | refuse",
                "GET | /locale/ | session-locale | web | refuse",
                "GET | /_includes/authed/x/ | session-includes | web | refuse",
                "GET | /_includes/unauthed/x/ | session-includes-public | web | refuse",
                "POST | /2fa/ | session-2fa | web | refuse",
                "GET | /admin/ | admin | web | refuse",
                "DELETE | /admin/users/1/ | admin | web | refuse",
                "GET | /danger-api/echo | danger-echo | other | refuse",
                "POST | /danger-api/projects/demo/observations | danger-observations | other | refuse",
                "GET | /static/css/warehouse.css | static | web | stale refuse",
                "GET | /_health/ | health | other | refuse",
                "GET | /_force-status/503/ | health-force-status | other | refuse",
                "GET | /nobody/knows | web-other | web | stale refuse",
                "PATCH | /nobody/knows | other | other | refuse",
            })
    void everyRouteOfTheIndexIsClassified(String method, String path, String name, String api, String fallback) {
        RouteConfig route = RouteMatcher.first(MIRRORED, method, path, Map.of(), Map.of());

        assertThat(route.name()).isEqualTo(name);
        assertThat(route.api().label()).isEqualTo(api);
        assertThat(route.fallback().stream().map(Fallback::label)).containsExactly(fallback.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /pypi, text/xml, xmlrpc, xmlrpc",
        "POST, /pypi, Text/XML; charset=utf-8, xmlrpc, xmlrpc",
        "POST, /pypi/, text/xml, xmlrpc-slash, xmlrpc",
        "POST, /RPC2, text/xml, xmlrpc-rpc2, xmlrpc",
        "POST, /pypi, multipart/form-data; boundary=x, upload-moved-form, upload",
        "POST, /pypi/, multipart/form-data; boundary=x, upload-moved-form-slash, upload",
        "POST, /legacy/, multipart/form-data; boundary=x, upload, upload",
        "POST, /pypi, application/json, other, other",
    })
    void postsAreToldApartByContentType(String method, String path, String type, String name, String api) {
        RouteConfig route = RouteMatcher.first(MIRRORED, method, path, Map.of("content-type", type), Map.of());

        assertThat(route.name()).isEqualTo(name);
        assertThat(route.api().label()).isEqualTo(api);
        assertThat(route.fallback()).containsExactly(Fallback.REFUSE);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, file_upload, upload-moved-file, upload",
        "POST, submit, upload-moved-submit, upload",
        "POST, submit_pkg_info, upload-moved-pkg-info, upload",
        "POST, doc_upload, upload-moved-doc, upload",
        "GET, list_classifiers, action-list-classifiers, other",
        "GET, search, action-search, web",
        "GET, browse, action-browse, web",
        "GET, files, action-files, web",
        "GET, display, action-display, web",
        "GET, doap, action-doap, web",
        "GET, rss, action-rss, web",
        "GET, packages_rss, action-packages-rss, web",
        "GET, other, web-other, web",
    })
    void actionsAreToldApartByParameter(String method, String action, String name, String api) {
        RouteConfig route = RouteMatcher.first(MIRRORED, method, "/pypi", Map.of(), Map.of(":action", action));

        assertThat(route.name()).isEqualTo(name);
        assertThat(route.api().label()).isEqualTo(api);
    }

    @Test
    void everyRouteLeadsToTheBackendAndTheMirrorOfTheIndex() {
        assertThat(MIRRORED).allSatisfy(route -> {
            assertThat(route.backend()).isEqualTo("warehouse");
            assertThat(route.mirror()).isEqualTo("local");
        });
    }

    @Test
    void withoutAMirrorNoRouteFallsBackToOne() {
        assertThat(ALONE).allSatisfy(route -> {
            assertThat(route.mirror()).isNull();
            assertThat(route.fallback()).doesNotContain(Fallback.MIRROR).endsWith(Fallback.REFUSE);
        });
    }

    @Test
    void namesAreUnique() {
        assertThat(new HashSet<>(MIRRORED.stream().map(RouteConfig::name).toList()))
                .hasSameSizeAs(MIRRORED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "PROPFIND"})
    void everyRequestHasARoute(String method) {
        assertThat(RouteMatcher.first(MIRRORED, method, "/some/where", Map.of(), Map.of()))
                .isNotNull();
    }

    @Test
    void onlyReadsAreEverAnsweredFromElsewhere() {
        assertThat(MIRRORED)
                .filteredOn(route -> route.fallback().size() > 1)
                .allSatisfy(route -> assertThat(route.match().methods()).containsExactly("GET", "HEAD"));
    }
}
