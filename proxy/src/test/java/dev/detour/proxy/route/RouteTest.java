package dev.detour.proxy.route;

import static dev.detour.proxy.route.IndexRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.ApiClass;
import dev.detour.mirror.MirrorResource;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
    private static final RouteTable INDEX = new RouteTable(IndexRoutes.all());

    @Test
    void simplePageIsAskedOfTheMirrorByTheNameAsSpelled() {
        assertThat(resource("/simple/Zope.Interface/?format=x"))
                .isEqualTo(new MirrorResource.SimpleProject("Zope.Interface"));
        assertThat(resource("/simple/zope%2Einterface")).isEqualTo(new MirrorResource.SimpleProject("zope.interface"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/simple/", "/simple", "/simple/?x", "/%73imple/"})
    void projectListIsTheSimpleRouteWithoutProject(String target) {
        assertThat(resource(target)).isEqualTo(new MirrorResource.SimpleIndex());
    }

    @Test
    void whatLiesDeeperThanAProjectIsNotTheProjectList() {
        assertThat(resource("/simple/a/b/")).isNull();
    }

    @Test
    void jsonPagesAreAskedByProjectAndVersion() {
        assertThat(resource("/pypi/demo/json")).isEqualTo(new MirrorResource.JsonProject("demo"));
        assertThat(resource("/pypi/demo/json/")).isEqualTo(new MirrorResource.JsonProject("demo"));
        assertThat(resource("/pypi/demo/1.0%2Blocal/json"))
                .isEqualTo(new MirrorResource.JsonRelease("demo", "1.0+local"));
    }

    @Test
    void provenanceIsAskedByFile() {
        assertThat(resource("/integrity/demo/1.0/demo-1.0.tar.gz/provenance"))
                .isEqualTo(new MirrorResource.Provenance("demo", "1.0", "demo-1.0.tar.gz"));
    }

    @Test
    void filesAreAskedByTheirDecodedPath() {
        assertThat(resource("/packages/aa/b%62/demo%2B1.whl.metadata?x=/y"))
                .isEqualTo(new MirrorResource.File("aa/bb/demo+1.whl.metadata"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/project/demo/", "/_/oidc/audience", "/_health/"})
    void mirrorHasNothingOfOtherClasses(String target) {
        assertThat(resource(target)).isNull();
    }

    @Test
    void captureDecodesUtf8AndLeavesPlusAlone() {
        Route route = only("/a/{x}/{y}");

        assertThat(route.capture("/a/%C3%BC+b/%zz", "x")).isEqualTo("\u00fc+b");
        assertThat(route.capture("/a/%C3%BC+b/%zz", "y")).isEqualTo("%zz");
        assertThat(route.capture("/a/b/c", "z")).isNull();
        assertThat(route.capture("/a", "x")).isNull();
    }

    @Test
    void restIsWhatFollowsTheTemplate() {
        assertThat(only("/files/{bucket}/**").rest("/files/one/two%20/three?four=/five"))
                .isEqualTo("two /three");
        assertThat(only("/files/**").rest("/files/")).isEmpty();
        assertThat(only("/files/").rest("/files/")).isEmpty();
        assertThat(only("/**").rest("/a/b")).isEqualTo("a/b");
    }

    @Test
    void everythingButReadingMethodsWrites() {
        Route route = only("/legacy/");

        assertThat(List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS)).noneMatch(route::writes);
        assertThat(List.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.valueOf("PUSH")))
                .allMatch(route::writes);
    }

    @Test
    void xmlRpcReadsByPost() {
        Route route = new RouteTable(List.of(route("rpc", "/RPC2", ApiClass.XMLRPC)))
                .routes()
                .get(0);

        assertThat(route.writes(HttpMethod.POST)).isFalse();
        assertThat(route.writes(HttpMethod.PUT)).isTrue();
    }

    private static Route only(String path) {
        return new RouteTable(List.of(route("only", path, ApiClass.OTHER)))
                .routes()
                .get(0);
    }

    private static @Nullable MirrorResource resource(String target) {
        Route route = INDEX.classify(HttpMethod.GET, null, target, new DefaultHttpHeaders());
        return Objects.requireNonNull(route, target).resource(target);
    }
}
