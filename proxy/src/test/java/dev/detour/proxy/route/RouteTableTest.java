package dev.detour.proxy.route;

import static dev.detour.proxy.route.IndexRoutes.ANY;
import static dev.detour.proxy.route.IndexRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.config.ApiClass;
import dev.detour.config.RouteConfig;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    private static final RouteTable INDEX = new RouteTable(IndexRoutes.all());

    @ParameterizedTest
    @CsvSource(textBlock = """
            GET,    /simple/,                                        simple-index,            SIMPLE
            HEAD,   /simple/,                                        simple-index,            SIMPLE
            GET,    /simple/?format=application/json,                simple-index,            SIMPLE
            GET,    /simple,                                         simple-index-no-slash,   SIMPLE
            GET,    /simple/requests/,                               simple-project,          SIMPLE
            GET,    /simple/requests/?x=/,                           simple-project,          SIMPLE
            GET,    /simple/requests,                                simple-project-no-slash, SIMPLE
            GET,    /simple/requests/1/,                             simple-other,            SIMPLE
            GET,    /simple//,                                       simple-other,            SIMPLE
            POST,   /simple/requests/,                               simple-other,            SIMPLE
            PUT,    /simple/,                                        simple-other,            SIMPLE
            GET,    /pypi/requests/json,                             json-project,            JSON
            GET,    /pypi/requests/json/,                            json-project-slash,      JSON
            HEAD,   /pypi/requests/2.31.0/json,                      json-release,            JSON
            GET,    /pypi/requests/2.31.0/json/,                     json-release-slash,      JSON
            GET,    /integrity/a/1/a-1-py3-none-any.whl/provenance,  provenance,              JSON
            GET,    /packages/aa/bb/cc/demo-1.0.tar.gz,              files,                   FILE
            GET,    /packages/aa/bb/cc/demo-1.0-py3.whl.metadata,    files,                   FILE
            GET,    /packages/,                                      files,                   FILE
            POST,   /legacy/,                                        upload,                  UPLOAD
            POST,   /legacy/?:action=file_upload,                    upload,                  UPLOAD
            POST,   /legacy,                                         upload-no-slash,         UPLOAD
            POST,   /pypi?:action=file_upload,                       upload-moved-file_upload, UPLOAD
            POST,   /pypi?%3Aaction=file_upload,                     upload-moved-file_upload, UPLOAD
            POST,   /pypi?:action=submit,                            upload-moved-submit,     UPLOAD
            POST,   /pypi?:action=submit_pkg_info,                   upload-moved-submit_pkg_info, UPLOAD
            POST,   /pypi?:action=doc_upload,                        upload-moved-doc_upload, UPLOAD
            GET,    /pypi?:action=list_classifiers,                  action-list_classifiers, WEB
            GET,    /pypi?name=x&%3aaction=display&version=1,        action-display,          WEB
            GET,    /pypi?:action=packages_rss,                      action-packages_rss,     WEB
            GET,    /pypi,                                           web-other,               WEB
            GET,    /_/oidc/audience,                                oidc-audience,           OIDC
            POST,   /_/oidc/mint-token,                              oidc-mint,               OIDC
            POST,   /_/oidc/github/mint-token,                       oidc-mint-github,        OIDC
            POST,   /_/ses-hook/,                                    hooks-ses,               OTHER
            POST,   /_/secrets/disclose-token,                       hooks-secrets,           OTHER
            POST,   /_/github/disclose-token,                        hooks-github-secrets,    OTHER
            POST,   /_/vulnerabilities/osv/report,                   hooks-osv,               OTHER
            POST,   /billing/webhook/,                               hooks-billing,           OTHER
            GET,    /rss/updates.xml,                                rss-updates,             WEB
            GET,    /rss/packages.xml,                               rss-packages,            WEB
            GET,    /rss/project/demo/releases.xml,                  rss-project,             WEB
            GET,    /sitemap.xml,                                    sitemap-xml,             WEB
            GET,    /aa.sitemap.xml,                                 web-other,               WEB
            GET,    /robots.txt,                                     robots,                  WEB
            GET,    /.well-known/security.txt,                       security-txt,            WEB
            GET,    /,                                               home,                    WEB
            GET,    /?,                                              home,                    WEB
            GET,    /project/demo/,                                  project,                 WEB
            GET,    /project/demo/1.0/,                              release,                 WEB
            GET,    /user/someone/,                                  user,                    WEB
            GET,    /org/psf/,                                       organization,            WEB
            GET,    /help/,                                          help,                    WEB
            GET,    /stats/,                                         stats,                   WEB
            GET,    /p/demo,                                         short-project,           WEB
            GET,    /search/?q=demo,                                 search,                  WEB
            POST,   /account/login/,                                 account,                 WEB
            GET,    /manage/projects/,                               manage,                  WEB
            DELETE, /admin/flags/,                                   admin,                   WEB
            POST,   /danger-api/projects/demo/observations,          danger,                  OTHER
            GET,    /static/css/warehouse.css,                       static,                  WEB
            GET,    /_health/,                                       health,                  OTHER
            GET,    /_force-status/503/,                             force-status,            OTHER
            GET,    /no/such/page,                                   web-other,               WEB
            PATCH,  /no/such/page,                                   other,                   OTHER
            PURGE,  /simple-not/x/,                                  other,                   OTHER
            """)
    void everyRequestOfAnIndexHasItsRoute(String method, String target, String name, ApiClass api) {
        Route route = Objects.requireNonNull(classify(INDEX, method, target, new DefaultHttpHeaders()));

        assertThat(route.name()).isEqualTo(name);
        assertThat(route.api()).isEqualTo(api);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/xml", "text/xml; charset=utf-8", "TEXT/XML"})
    void xmlRpcIsKnownByItsContentType(String type) {
        HttpHeaders headers = new DefaultHttpHeaders().add("content-type", type);

        assertThat(classify(INDEX, "POST", "/pypi", headers)).hasToString("xmlrpc-pypi");
        assertThat(classify(INDEX, "POST", "/pypi/", headers)).hasToString("xmlrpc-pypi-");
        assertThat(classify(INDEX, "POST", "/RPC2", headers)).hasToString("xmlrpc-RPC2");
    }

    @Test
    void postOfAnotherTypeToTheXmlRpcPathIsNotXmlRpc() {
        HttpHeaders headers = new DefaultHttpHeaders().add("Content-Type", "application/json");

        assertThat(classify(INDEX, "POST", "/pypi", headers)).hasToString("other");
    }

    @Test
    void firstInTheListWinsHoweverUnspecificItIs() {
        RouteTable table = new RouteTable(List.of(
                route("rest", "/a/**", ApiClass.WEB),
                route("variable", "/b/{x}/", ApiClass.WEB),
                route("literal-a", "/a/b/", ApiClass.WEB),
                route("literal-b", "/b/c/", ApiClass.WEB)));

        assertThat(classify(table, "/a/b/")).hasToString("rest");
        assertThat(classify(table, "/b/c/")).hasToString("variable");
    }

    @Test
    void ownRoutesBeforeThePresetTakeTheirRequests() {
        List<RouteConfig> routes = new ArrayList<>();
        routes.add(route("own", "docs.example.org", "/simple/**", ANY, Map.of(), Map.of(), ApiClass.WEB));
        routes.addAll(IndexRoutes.all());
        RouteTable table = new RouteTable(routes);

        assertThat(table.classify(HttpMethod.GET, "Docs.Example.ORG", "/simple/x/", new DefaultHttpHeaders()))
                .hasToString("own");
        assertThat(table.classify(HttpMethod.GET, "pypi.org", "/simple/x/", new DefaultHttpHeaders()))
                .hasToString("simple-project");
        assertThat(table.classify(HttpMethod.GET, null, "/simple/x/", new DefaultHttpHeaders()))
                .hasToString("simple-project");
    }

    @Test
    void branchThatFitsButFailsItsConditionsLeavesTheOthers() {
        RouteTable table = new RouteTable(List.of(
                route("literal", null, "/a/b/c", Set.of("PUT"), Map.of(), Map.of(), ApiClass.WEB),
                route("variable", null, "/a/{x}/c", Set.of("POST"), Map.of(), Map.of(), ApiClass.WEB),
                route("rest", "/a/**", ApiClass.WEB)));

        assertThat(classify(table, "PUT", "/a/b/c", new DefaultHttpHeaders())).hasToString("literal");
        assertThat(classify(table, "POST", "/a/b/c", new DefaultHttpHeaders())).hasToString("variable");
        assertThat(classify(table, "GET", "/a/b/c", new DefaultHttpHeaders())).hasToString("rest");
    }

    @Test
    void nothingFitsWithoutACatchAll() {
        RouteTable table = new RouteTable(List.of(route("only", "/only/", ApiClass.WEB)));

        assertThat(classify(table, "/other/")).isNull();
        assertThat(classify(table, "/only")).isNull();
        assertThat(classify(table, "/only//")).isNull();
        assertThat(classify(table, "/only/x")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "", "example.org:443", "http://example.org/"})
    void targetThatIsNoAbsolutePathFitsNoRoute(String target) {
        assertThat(classify(INDEX, target)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%73imple/demo/", "/simpl%65/demo/", "/%73%69%6D%70%6c%65/%64emo/"})
    void needlesslyEncodedCharactersAreThemselves(String target) {
        assertThat(classify(INDEX, target)).hasToString("simple-project");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/simple%2Fdemo/", "/simple%2fdemo%2F"})
    void encodedSlashEndsNoSegment(String target) {
        assertThat(classify(INDEX, target)).hasToString("web-other");
    }

    @Test
    void encodedSlashIsPartOfAVariable() {
        assertThat(classify(INDEX, "/simple/a%2Fb/")).hasToString("simple-project");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/simple%", "/simple%6", "/%zzimple/", "/simple%6/", "/%73imple%/"})
    void brokenEncodingStandsForItself(String target) {
        assertThat(classify(INDEX, target)).hasToString("web-other");
    }

    @Test
    void encodedReservedCharacterIsNotTheCharacterButItsHexDigitsHaveNoCase() {
        RouteTable table =
                new RouteTable(List.of(route("plain", "/a:b", ApiClass.WEB), route("encoded", "/a%3ab", ApiClass.WEB)));

        assertThat(classify(table, "/a:b")).hasToString("plain");
        assertThat(classify(table, "/a%3Ab")).hasToString("encoded");
    }

    @Test
    void literalOfATemplateMayHoldAnyLetter() {
        RouteTable table = new RouteTable(List.of(route("letters", "/gr\u00fc\u00dfe/", ApiClass.WEB)));

        assertThat(classify(table, "/gr%C3%BC%c3%9fe/")).hasToString("letters");
    }

    @Test
    void emptySegmentIsNoVariable() {
        RouteTable table = new RouteTable(List.of(route("variable", "/a/{x}/b", ApiClass.WEB)));

        assertThat(classify(table, "/a//b")).isNull();
        assertThat(classify(table, "/a/%20/b")).hasToString("variable");
    }

    @ParameterizedTest
    @CsvSource({
        "/q?a=1, exact",
        "/q?b=2&a=1, exact",
        "/q?a=0&a=1, exact",
        "/q?%61=%31, exact",
        "/q?a=11, other",
        "/q?a=, other",
        "/q?aa=1, other",
        "/q?a, other",
        "/q?z, present",
        "/q?&&z=9, present",
        "/q?x=a+b%26c, spaced",
        "/q, other"
    })
    void queryConditionsAreComparedDecoded(String target, String name) {
        RouteTable table = new RouteTable(List.of(
                route("exact", null, "/q", ANY, Map.of(), Map.of("a", "1"), ApiClass.WEB),
                route("present", null, "/q", ANY, Map.of(), Map.of("z", "*"), ApiClass.WEB),
                route("spaced", null, "/q", ANY, Map.of(), Map.of("x", "a b&c"), ApiClass.WEB),
                route("other", "/**", ApiClass.WEB)));

        assertThat(classify(table, target)).hasToString(name);
    }

    @Test
    void headerConditionsAllHold() {
        RouteTable table = new RouteTable(List.of(
                route("both", null, "/", ANY, Map.of("X-A", "one", "X-B", "*"), Map.of(), ApiClass.WEB),
                route("other", "/**", ApiClass.WEB)));

        assertThat(classify(table, "GET", "/", headers("x-a", "ONE", "x-b", "")))
                .hasToString("both");
        assertThat(classify(table, "GET", "/", headers("x-a", "one"))).hasToString("other");
        assertThat(classify(table, "GET", "/", headers("x-a", "ones", "x-b", "y")))
                .hasToString("other");
        assertThat(classify(table, "GET", "/", headers("x-a", "zero", "x-a", "one", "x-b", "y")))
                .hasToString("both");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/", "/a{x}/", "/**/a", "/a*", "/{}/", "/a?b"})
    void pathThatIsNoTemplateIsRefusedByName(String path) {
        assertThatThrownBy(() -> new RouteTable(List.of(route("broken", path, ApiClass.WEB))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("broken")
                .hasMessageContaining("expected");
    }

    @Test
    void indexIsThePlaceInTheList() {
        List<Route> routes = INDEX.routes();

        assertThat(routes)
                .extracting(Route::name)
                .isEqualTo(IndexRoutes.all().stream().map(RouteConfig::name).toList());
        assertThat(routes)
                .allSatisfy(route -> assertThat(routes.get(route.index())).isSameAs(route));
    }

    private static HttpHeaders headers(String... namesAndValues) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    private static @Nullable Route classify(RouteTable table, String target) {
        return classify(table, "GET", target, new DefaultHttpHeaders());
    }

    private static @Nullable Route classify(RouteTable table, String method, String target, HttpHeaders headers) {
        return table.classify(HttpMethod.valueOf(method), "example.org", target, headers);
    }
}
