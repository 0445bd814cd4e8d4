package dev.detour.proxy.route;

import dev.detour.config.ApiClass;
import dev.detour.config.Fallback;
import dev.detour.config.RouteConfig;
import dev.detour.mirror.MirrorResource;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule of the configuration as the data path uses it: what a request that it takes is, and who answers.
 *
 * <p>The methods that take a target expect one that {@link RouteTable#classify} gave this route for.
 */
public final class Route {
    private static final MirrorResource SIMPLE_INDEX = new MirrorResource.SimpleIndex();

    private final RouteConfig config;
    private final int index;
    private final Template template;

    Route(RouteConfig config, int index) {
        this.config = config;
        this.index = index;
        this.template = Template.parse(config.match().path(), config.name());
    }

    /** Unique among the routes of a table; the {@code route} label of metrics. */
    public String name() {
        return config.name();
    }

    /** The API class, which decides how a refusal is worded. */
    public ApiClass api() {
        return config.api();
    }

    /** Name of the backend. */
    public String backend() {
        return config.backend();
    }

    /** Name of the mirror that {@link Fallback#MIRROR} means, or null. */
    public @Nullable String mirror() {
        return config.mirror();
    }

    /** Where to look when the backend has no answer, in order. */
    public List<Fallback> fallback() {
        return config.fallback();
    }

    /** Until an answer must have begun, or null for the backend's limit. */
    public @Nullable Duration deadline() {
        return config.deadline();
    }

    /** Until a fallback is tried beside the backend, or null for the backend's limit. */
    public @Nullable Duration divertAfter() {
        return config.divertAfter();
    }

    /** How long past its freshness a kept answer may stand in for the backend's. */
    public Duration grace() {
        return config.grace();
    }

    /** Whether a status that says "broken" says that of the backend. */
    public boolean statusCounts() {
        return config.statusCounts();
    }

    /** The methods it takes, upper case; empty for any. */
    public Set<String> methods() {
        return config.match().methods();
    }

    /** Its position in {@link RouteTable#routes()}, for arrays with one element per route. */
    public int index() {
        return index;
    }

    /** The percent-decoded segment of {@code target} at the place of {@code {variable}}, or null if there is none. */
    public @Nullable String capture(String target, String variable) {
        return template.capture(target, variable);
    }

    /** The percent-decoded part of {@code target} at the place of {@code **}; empty if the template has none. */
    public String rest(String target) {
        return template.rest(target);
    }

    /**
     * What a mirror is asked for, or null if a mirror has no such thing. The variables {@code project}, {@code version} and
     * {@code filename} of the template say what it is; {@code **} is the path of a file. A Simple route that ends with
     * {@code **} names nothing: whatever lies below {@code /simple/} is not the project list.
     */
    public @Nullable MirrorResource resource(String target) {
        return switch (config.api()) {
            case SIMPLE -> simple(target);
            case JSON -> json(target);
            case FILE -> template.rest() ? new MirrorResource.File(template.rest(target)) : null;
            case UPLOAD, XMLRPC, OIDC, WEB, OTHER -> null;
        };
    }

    /** Whether a request changes the index, so that read-only mode refuses it. XML-RPC is a POST that reads. */
    public boolean writes(HttpMethod method) {
        boolean reads = method.equals(HttpMethod.GET)
                || method.equals(HttpMethod.HEAD)
                || method.equals(HttpMethod.OPTIONS)
                || (config.api() == ApiClass.XMLRPC && method.equals(HttpMethod.POST));
        return !reads;
    }

    RouteConfig.Match match() {
        return config.match();
    }

    Template template() {
        return template;
    }

    @Override
    public String toString() {
        return name();
    }

    private @Nullable MirrorResource simple(String target) {
        String project = capture(target, "project");
        if (project != null) {
            return new MirrorResource.SimpleProject(project);
        }
        return template.rest() ? null : SIMPLE_INDEX;
    }

    private @Nullable MirrorResource json(String target) {
        String project = capture(target, "project");
        String version = capture(target, "version");
        String filename = capture(target, "filename");
        if (project == null || template.rest()) {
            return null;
        }
        if (version == null) {
            return new MirrorResource.JsonProject(project);
        }
        return filename == null
                ? new MirrorResource.JsonRelease(project, version)
                : new MirrorResource.Provenance(project, version, filename);
    }
}
