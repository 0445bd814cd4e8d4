package dev.detour.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** What is left of a backend's headers, against a filter that knows nothing of Netty. */
class ForwardHeadersProperties {
    private static final Set<String> ALWAYS_REMOVED =
            Set.of("connection", "keep-alive", "proxy-connection", "proxy-authenticate", "upgrade");
    private static final Set<String> NEVER_NAMED_AWAY = Set.of("content-length", "transfer-encoding", "host");

    @Property
    void exactlyWhatIsNotHopByHopIsLeftInOrder(
            @ForAll @Size(max = 12) List<@From("names") String> names,
            @ForAll @Size(max = 3) List<@From("connectionValues") String> connections) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (int i = 0; i < names.size(); i++) {
            headers.add(names.get(i), "v" + i);
        }
        connections.forEach(value -> headers.add("Connection", value));
        List<String> expected = naive(names, connections);

        ForwardHeaders.toClient(headers);

        assertThat(headers.entries().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList())
                .containsExactlyElementsOf(expected);
    }

    private static List<String> naive(List<String> names, List<String> connections) {
        Set<String> named = connections.stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .map(name -> name.trim().toLowerCase(Locale.ROOT))
                .filter(name -> !NEVER_NAMED_AWAY.contains(name))
                .collect(Collectors.toSet());
        List<String> left = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).toLowerCase(Locale.ROOT);
            if (!ALWAYS_REMOVED.contains(name) && !named.contains(name)) {
                left.add(names.get(i) + "=v" + i);
            }
        }
        left.add("via=1.1 detour");
        return left;
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(
                "X-A",
                "x-a",
                "X-B",
                "x-c",
                "Keep-Alive",
                "Upgrade",
                "Proxy-Connection",
                "Content-Length",
                "Host",
                "ETag",
                "Transfer-Encoding",
                "Proxy-Authenticate",
                "Trailer");
    }

    @Provide
    Arbitrary<String> connectionValues() {
        Arbitrary<String> name = Arbitraries.of(
                "x-a", "X-B", " x-c ", "close", "keep-alive", "", "Content-Length", "host", "upgrade", "etag");
        return name.list().ofMinSize(1).ofMaxSize(4).map(parts -> String.join(",", parts));
    }
}
