package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.proxy.Await;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stale answers while the backend is asked, and when it fails (RFC 5861). */
class Rfc5861Test extends CacheRig {
    private void keep(String more) throws IOException {
        stored("one", "Cache-Control: max-age=60" + more);
    }

    private void awaitAsked(int times) {
        Await.until(() -> asked() == times, () -> asked() + " requests to the backend");
    }

    @Test
    void section3_withinItsTimeWhatIsStaleIsGivenAtOnce() throws IOException {
        keep(", stale-while-revalidate=30");
        pass(89);
        backend.answer(page("two", "Cache-Control: max-age=60"));

        RawResponse bridged = get();

        assertThat(bridged.text()).isEqualTo("one");
        assertThat(bridged.header("age")).isEqualTo("89");
        awaitAsked(2);
    }

    @Test
    void section3_afterItsTimeTheBackendIsWaitedFor() throws IOException {
        keep(", stale-while-revalidate=30");
        pass(91);
        backend.answer(page("two", "Cache-Control: max-age=60"));

        assertThat(get().text()).isEqualTo("two");
    }

    @Test
    void section3_whileFreshNobodyIsAsked() throws IOException {
        keep(", stale-while-revalidate=30");
        pass(59);

        assertThat(asksBackend()).isFalse();
    }

    @Test
    void section3_withoutItTheBackendIsWaitedFor() throws IOException {
        keep("");
        pass(61);
        backend.answer(page("two", "Cache-Control: max-age=60"));

        assertThat(get().text()).isEqualTo("two");
    }

    @Test
    void section3_anErrorMeanwhileIsNoAnswer() throws IOException {
        keep(", stale-while-revalidate=30");
        pass(61);
        backend.answer(answer(503, "down"));
        get();
        awaitAsked(2);

        assertThat(get().text()).isEqualTo("one");
    }

    @Test
    void section3_whatCannotBeReadIsNoTime() throws IOException {
        keep(", stale-while-revalidate=long");
        pass(61);
        backend.answer(page("two", "Cache-Control: max-age=60"));

        assertThat(get().text()).isEqualTo("two");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void section4_withinItsTimeWhatIsStaleIsGivenForAnError(int status) throws IOException {
        keep(", stale-if-error=30");
        pass(89);
        backend.answer(answer(status, "broken"));

        RawResponse stale = get();

        assertThat(stale.status()).isEqualTo(200);
        assertThat(stale.text()).isEqualTo("one");
        assertThat(stale.header("age")).isEqualTo("89");
    }

    @Test
    void section4_afterItsTimeTheErrorIsGiven() throws IOException {
        keep(", stale-if-error=30");
        pass(91);
        backend.answer(answer(503, "down"));

        assertThat(get().status()).isEqualTo(503);
    }

    @Test
    void section4_aBackendThatIsGoneIsAnError() throws IOException {
        keep(", stale-if-error=30");
        pass(61);
        backend.refuse();
        backend.resetConnections();

        assertThat(get().text()).isEqualTo("one");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 410})
    void section4_otherStatusesAreNoErrors(int status) throws IOException {
        keep(", stale-if-error=30");
        pass(61);
        backend.answer(answer(status, "no"));

        assertThat(get().status()).isEqualTo(status);
    }

    @Test
    void section4_zeroForbidsIt() throws IOException {
        keep(", stale-if-error=0");
        pass(61);
        backend.answer(answer(503, "down"));

        assertThat(get().status()).isEqualTo(503);
    }

    @Test
    void section4_withoutItTheOperatorsAllowanceCounts() throws IOException {
        keep("");
        pass(60 + GRACE);
        backend.answer(answer(503, "down"));

        assertThat(get().text()).isEqualTo("one");
        pass(1);
        assertThat(get().status()).isEqualTo(503);
    }

    @Test
    void section4_aBackendThatIsBackIsAskedAgain() throws IOException {
        keep(", stale-if-error=600");
        pass(61);
        backend.answer(answer(503, "down"));
        get();
        backend.answer(page("two", "Cache-Control: max-age=60"));

        assertThat(get().text()).isEqualTo("two");
    }
}
