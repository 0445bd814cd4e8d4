package dev.detour.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.ApiClass;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Addresses of what is kept, whatever clients write. */
class CacheKeyProperties {
    @Property
    void theAddressOfAnAddressIsItself(
            @ForAll @From("targets") String target, @ForAll ApiClass api, @ForAll boolean keepsQuery) {
        CacheKey once = CacheKey.of("b", "h", target, api, keepsQuery);

        CacheKey twice = CacheKey.of("b", once.host(), once.target(), api, keepsQuery);

        assertThat(twice).isEqualTo(once);
    }

    @Property
    void anythingIsAnAddress(@ForAll String target, @ForAll String host, @ForAll ApiClass api) {
        CacheKey key = CacheKey.of("b", host, target, api, true);

        assertThat(key.target()).doesNotContain("#");
        assertThat(key.host()).isEqualTo(key.host().toLowerCase(Locale.ROOT));
    }

    @Property
    void encodedSlashesStayEncoded(@ForAll @From("targets") String target, @ForAll ApiClass api) {
        String path = target.contains("?") ? target.substring(0, target.indexOf('?')) : target;

        CacheKey key = CacheKey.of("b", "h", path, api, false);

        assertThat(slashes(key.target())).isEqualTo(slashes(path.split("#", -1)[0]));
    }

    private static long slashes(String text) {
        return text.chars().filter(c -> c == '/').count();
    }

    @Provide
    Arbitrary<String> targets() {
        Arbitrary<String> piece = Arbitraries.of(
                "/", "pypi/", "simple/", "a", "B", "z9", "-", "_", ".", "..", "%2f", "%2F", "%41", "%7e", "%25", "%",
                "%4", "%zz", "?", "&", "=", "b=1", "a=2", "#", "%3f", "%26", "json", "~", "+", "%252f");
        return piece.list().ofMaxSize(12).map(pieces -> "/" + String.join("", pieces));
    }
}
