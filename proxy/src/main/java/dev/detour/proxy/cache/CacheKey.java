package dev.detour.proxy.cache;

import dev.detour.config.ApiClass;
import dev.detour.mirror.page.ProjectName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for, whatever the variant: spellings that mean the same are the same key (RFC 9111 2, RFC 3986 6.2.2).
 *
 * @param backend who is asked
 * @param host lower-case, without the default port; empty if the client named none
 * @param target path and, where it counts, the query with its parameters sorted
 */
public record CacheKey(String backend, String host, String target) {
    private static final String JSON_PREFIX = "/pypi/";
    private static final String JSON_SUFFIX = "/json";
    /** Those of one name keep their order: for some backends the first counts, for others the last. */
    private static final Comparator<String> BY_NAME = Comparator.comparing(CacheKey::name);

    /**
     * The key of a request whose path has no dot segments.
     *
     * @param keepsQuery whether the backend's answer depends on the query; {@code format} never counts for Simple pages, since
     *     it is part of the variant
     */
    public static CacheKey of(
            String backend, @Nullable String hostHeader, String target, ApiClass api, boolean keepsQuery) {
        return new CacheKey(backend, host(hostHeader), target(target, api, keepsQuery));
    }

    private static String host(@Nullable String header) {
        if (header == null) {
            return "";
        }
        String host = header.toLowerCase(Locale.ROOT);
        if (host.endsWith(":80")) {
            return host.substring(0, host.length() - 3);
        }
        return host.endsWith(":443") ? host.substring(0, host.length() - 4) : host;
    }

    private static String target(String target, ApiClass api, boolean keepsQuery) {
        int fragment = target.indexOf('#');
        String whole = fragment < 0 ? target : target.substring(0, fragment);
        int mark = whole.indexOf('?');
        String path = PercentSpelling.normalise(mark < 0 ? whole : whole.substring(0, mark));
        if (api == ApiClass.JSON) {
            path = withNormalisedProject(path);
        }
        if (mark < 0 || !keepsQuery) {
            return path;
        }
        String query = sorted(PercentSpelling.normalise(whole.substring(mark + 1)), api == ApiClass.SIMPLE);
        return query.isEmpty() ? path : path + '?' + query;
    }

    /** Parameters keep their spelling and their number: to a backend {@code a}, {@code a=} and twice {@code a} may differ. */
    private static String sorted(String query, boolean withoutFormat) {
        List<String> parameters = new ArrayList<>();
        int start = 0;
        while (start <= query.length()) {
            int ampersand = query.indexOf('&', start);
            int end = ampersand < 0 ? query.length() : ampersand;
            String parameter = query.substring(start, end);
            if (!parameter.isEmpty() && !(withoutFormat && name(parameter).equals("format"))) {
                parameters.add(parameter);
            }
            start = end + 1;
        }
        parameters.sort(BY_NAME);
        return String.join("&", parameters);
    }

    private static String name(String parameter) {
        int equals = parameter.indexOf('=');
        return equals < 0 ? parameter : parameter.substring(0, equals);
    }

    /** {@code /pypi/{name}/json} and {@code /pypi/{name}/{version}/json} under the one name that PEP 503 gives a project. */
    private static String withNormalisedProject(String path) {
        int end = path.indexOf('/', JSON_PREFIX.length());
        if (!path.startsWith(JSON_PREFIX) || !path.endsWith(JSON_SUFFIX) || end < 0) {
            return path;
        }
        int last = path.length() - JSON_SUFFIX.length();
        boolean twoLevels = end == last || (end < last - 1 && path.lastIndexOf('/', last - 1) == end);
        String name = path.substring(JSON_PREFIX.length(), end);
        String normalised = twoLevels ? ProjectName.normalise(name) : null;
        return normalised == null || normalised.equals(name) ? path : JSON_PREFIX + normalised + path.substring(end);
    }
}
