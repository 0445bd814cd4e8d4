package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What clients may ask of the cache where they may not ask for something fresher (RFC 9111 5.2.1: advice). */
class Rfc9111Section5_2DisobeyedRequestDirectivesTest extends CacheRig {
    private boolean asksWith(long age, String directives) throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"a\"");
        pass(age);
        return asksBackend(directives);
    }

    @Test
    void section5_2_1_4_noCacheChangesNothing() throws IOException {
        assertThat(asksWith(10, "Cache-Control: no-cache")).isFalse();
    }

    @Test
    void section5_4_pragmaChangesNothing() throws IOException {
        assertThat(asksWith(10, "Pragma: no-cache")).isFalse();
    }

    @Test
    void section5_2_1_1_maxAgeChangesNothing() throws IOException {
        assertThat(asksWith(10, "Cache-Control: max-age=0")).isFalse();
    }

    @Test
    void section5_2_1_3_minFreshChangesNothing() throws IOException {
        assertThat(asksWith(10, "Cache-Control: min-fresh=600")).isFalse();
    }

    @Test
    void section5_2_1_2_whatIsStaleMayStillBeTaken() throws IOException {
        assertThat(asksWith(70, "Cache-Control: max-stale=30")).isFalse();
    }

    @Test
    void section5_2_1_2_whatIsStaleForLongerIsAskedFor() throws IOException {
        assertThat(asksWith(100, "Cache-Control: max-stale=30")).isTrue();
    }

    @Test
    void section5_2_1_7_onlyIfCachedIsRefusedIfNothingIsKept() throws IOException {
        assertThat(get("Cache-Control: only-if-cached").status()).isEqualTo(504);
    }

    @Test
    void section5_2_1_5_theAnswerToNoStoreIsNotKept() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=60"));
        get("Cache-Control: no-store");

        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section4_2_4_noWishMakesStaleAnswersFresh() throws IOException {
        assertThat(asksWith(61, "Cache-Control: max-age=600")).isTrue();
    }
}
