package dev.detour.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.config.ApiClass;
import dev.detour.proxy.Caches;
import io.netty.buffer.Unpooled;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers an address names, in whatever way it is spelled. */
class CachePurgeTest {
    private final ResponseCache cache = new ResponseCache(
            Caches.inMemory(1 << 20, 1 << 16, Duration.ZERO, false), Clock.systemUTC(), System::nanoTime);

    @AfterEach
    void close() {
        cache.close();
    }

    /** Keeps an answer to a request with this {@code Host}. */
    private void keep(String host, String target, ApiClass api) {
        StorePolicy policy = Objects.requireNonNull(Messages.policy("Cache-Control", "max-age=60"));
        String variant = ResponseCache.variant(List.of(), Messages.headers(), "");
        StoredAnswer answer = new StoredAnswer(
                200,
                Messages.headers(),
                Messages.headers(),
                policy,
                variant,
                Unpooled.wrappedBuffer(new byte[] {'x'}),
                0);
        cache.keep(CacheKey.of("b", host, target, api, ResponseCache.keepsQuery(api)), answer, cache.purges());
    }

    private int purge(String url) {
        return cache.purge(new Purge(List.of(url), List.of(), false, true)).inMemory();
    }

    @ParameterizedTest
    @CsvSource({
        "https://host, host, /",
        "https://host/, host, /",
        "https://host?page=2, host, /?page=2",
        "https://host#top, host, /",
        "HTTPS://HOST/a, host, /a",
        "https://host/a, HOST, /a",
        "https://host:443/a, host, /a",
        "http://host:80/a, host, /a",
        "https://host/a, host:443, /a",
        "https://host:8443/a, host:8443, /a",
        "https://host/a#top, host, /a",
        "https://host/a?b=/c, host, /a?b=/c",
        "https://[2001:DB8::1]/a, [2001:db8::1], /a",
        "https://[2001:db8::443]:443/a, [2001:db8::443], /a",
        "https://[2001:db8::1]:8443/a, [2001:db8::1]:8443, /a",
        "https://host/%7ea, host, /~a",
        "/a, host, /a",
        "/a#top, host, /a",
        "/a?u=http://other/b, host, /a?u=http://other/b",
    })
    void anAddressNamesWhatIsThere(String url, String host, String target) {
        keep(host, target, ApiClass.WEB);

        assertThat(purge(url)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "https://other/a, host, /a",
        "https://host:8443/a, host, /a",
        "https://host/a, host:8443, /a",
        "https://[2001:db8::]/a, [2001:db8::443], /a",
        "https://host/b, host, /a",
        "https://host/A, host, /a",
        "https://host, host, /a",
        "/b, host, /a",
    })
    void anAddressNamesNothingElse(String url, String host, String target) {
        keep(host, target, ApiClass.WEB);

        assertThat(purge(url)).isZero();
    }

    @Test
    void aPathNamesWhatIsThereOnAllHosts() {
        keep("one", "/a", ApiClass.WEB);
        keep("two", "/a", ApiClass.WEB);

        assertThat(purge("/a")).isEqualTo(2);
    }

    @Test
    void theQueryDoesNotCountWhereItMeansNothing() {
        keep("host", "/simple/x/", ApiClass.SIMPLE);

        assertThat(purge("https://host/simple/x/?utm=1")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "host/a",
                "ftp://host/a",
                "https:///a",
                "https://",
                "https://user@host/a",
                "https://user:secret@host/a",
                "https://@host/a"
            })
    void whatIsNoAddressIsNamedAndPurgesNothing(String url) {
        keep("host", "/a", ApiClass.WEB);

        assertThatThrownBy(() -> cache.purge(new Purge(List.of("/a", url), List.of(), false, true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("url: " + url + " (expected: ");
        assertThat(purge("/a")).isEqualTo(1);
    }
}
