package dev.detour.proxy.route;

import static dev.detour.proxy.route.IndexRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.ApiClass;
import dev.detour.config.RouteConfig;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** The compiled table against a list of regular expressions tried one after the other. */
class RouteTableProperties {
    @Property(tries = 5000)
    void firstRouteThatFitsWins(
            @ForAll @Size(min = 1, max = 12) List<@From("rules") RouteConfig> rules,
            @ForAll("paths") String path,
            @ForAll("methods") String method,
            @ForAll("queries") String query) {
        RouteTable table = new RouteTable(rules);
        HttpHeaders headers = new DefaultHttpHeaders();

        Route route = table.classify(HttpMethod.valueOf(method), null, path + query, headers);

        assertThat(route == null ? -1 : route.index()).isEqualTo(naive(rules, method, path, query));
    }

    @Property
    void encodingUnreservedCharactersChangesNothing(
            @ForAll @Size(min = 1, max = 12) List<@From("rules") RouteConfig> rules,
            @ForAll("paths") String path,
            @ForAll long choice) {
        RouteTable table = new RouteTable(rules);
        HttpHeaders headers = new DefaultHttpHeaders();

        Route plain = table.classify(HttpMethod.GET, null, path, headers);
        Route encoded = table.classify(HttpMethod.GET, null, encodeSome(path, choice), headers);

        assertThat(encoded).isSameAs(plain);
    }

    @Property
    void whateverIsSentIsClassifiedWithoutAnError(@ForAll String target) {
        RouteTable table = new RouteTable(IndexRoutes.all());

        Route route = table.classify(HttpMethod.GET, null, "/" + target, new DefaultHttpHeaders());

        assertThat(route).isNotNull();
    }

    @Provide
    Arbitrary<RouteConfig> rules() {
        return Combinators.combine(templates(), methodSets(), conditions())
                .as((path, methods, query) -> route("r", null, path, methods, Map.of(), query, ApiClass.OTHER));
    }

    @Provide
    Arbitrary<String> templates() {
        Arbitrary<String> inner = Arbitraries.of("a", "b", "ab", "simple", "{x}", "{y}");
        Arbitrary<String> last = Arbitraries.of("", "a", "b", "{z}", "**", "**");
        return Combinators.combine(inner.list().ofMaxSize(3), last).as((segments, end) -> {
            List<String> all = new ArrayList<>(segments);
            all.add(end);
            return "/" + String.join("/", all);
        });
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("a", "b", "ab", "simple", "c", "", "a%2Fb")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(segments -> "/" + String.join("/", segments));
    }

    @Provide
    Arbitrary<String> methods() {
        return Arbitraries.of("GET", "POST", "PURGE");
    }

    @Provide
    Arbitrary<String> queries() {
        return Arbitraries.of("", "?", "?k=1", "?k=2", "?j=1&k=1/a");
    }

    private static Arbitrary<Set<String>> methodSets() {
        return Arbitraries.of(Set.of(), Set.of("GET", "HEAD"), Set.of("POST"), Set.of("PURGE", "GET"));
    }

    private static Arbitrary<Map<String, String>> conditions() {
        return Arbitraries.of(Map.of(), Map.of(), Map.of("k", "1"), Map.of("j", "*"));
    }

    private static int naive(List<RouteConfig> rules, String method, String path, String query) {
        for (int i = 0; i < rules.size(); i++) {
            RouteConfig.Match match = rules.get(i).match();
            String regex = Pattern.compile("\\{[a-z]}").matcher(match.path()).replaceAll("[^/]+");
            regex = regex.endsWith("**") ? regex.substring(0, regex.length() - 2) + ".*" : regex;
            boolean fits = path.matches(regex)
                    && (match.methods().isEmpty() || match.methods().contains(method))
                    && holds(match.query(), query);
            if (fits) {
                return i;
            }
        }
        return -1;
    }

    private static boolean holds(Map<String, String> conditions, String query) {
        return conditions.entrySet().stream().allMatch(condition -> {
            String value = value(query, condition.getKey());
            return value != null
                    && (condition.getValue().equals("*") || condition.getValue().equals(value));
        });
    }

    private static @Nullable String value(String query, String name) {
        for (String pair : query.replaceFirst("\\?", "").split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return null;
    }

    private static String encodeSome(String path, long choice) {
        StringBuilder encoded = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean inEscape = path.lastIndexOf('%', i) >= Math.max(0, i - 2);
            boolean encode = Character.isLetterOrDigit(c) && !inEscape && ((choice >>> (i % 64)) & 1) == 1;
            encoded.append(encode ? String.format("%%%02x", (int) c) : String.valueOf(c));
        }
        return encoded.toString();
    }
}
