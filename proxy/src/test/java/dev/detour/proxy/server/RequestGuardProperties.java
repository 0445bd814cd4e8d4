package dev.detour.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RequestGuardProperties {
    @Property(tries = 5000)
    void dotSegmentsAreFoundLikeAfterDecodingThem(@ForAll("targets") String target) {
        assertThat(RequestGuard.hasDotSegment(target)).isEqualTo(naive(target));
    }

    private static boolean naive(String target) {
        String path = target.split("\\?", 2)[0];
        return Stream.of(path.substring(1).split("/", -1))
                .map(segment -> segment.toLowerCase(Locale.ROOT).replace("%2e", "."))
                .anyMatch(segment -> segment.equals(".") || segment.equals(".."));
    }

    @Provide
    Arbitrary<String> targets() {
        return Arbitraries.of("/", "/", ".", ".", "%2e", "%2E", "a", "?", "%", "%2", "%25", "2e", "%2f")
                .list()
                .ofMaxSize(10)
                .map(parts -> "/" + String.join("", parts));
    }
}
