package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests make what was kept invalid (RFC 9111 4.4). */
class Rfc9111Section4_4InvalidationTest extends CacheRig {
    @BeforeEach
    void keep() throws IOException {
        stored("old", "Cache-Control: max-age=600", "ETag: \"a\"");
    }

    private void send(String method, int status) throws IOException {
        backend.answer(answer(status, "done"));
        request(method, "Content-Length: 0");
        backend.answer(page("new", "Cache-Control: max-age=600"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "FROB"})
    void section4_4_aWriteThatSucceedsInvalidates(String method) throws IOException {
        send(method, 200);

        assertThat(get().text()).isEqualTo("new");
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 202, 302, 303})
    void section4_4_everyStatusThatIsNoErrorInvalidates(int status) throws IOException {
        send("POST", status);

        assertThat(get().text()).isEqualTo("new");
    }

    @Test
    void section4_4_noContentInvalidates() throws IOException {
        backend.answer(Answer.raw("HTTP/1.1 204 No Content\r\n\r\n"));
        request("DELETE");
        backend.answer(page("new", "Cache-Control: max-age=600"));

        assertThat(get().text()).isEqualTo("new");
    }

    @ParameterizedTest
    @CsvSource({"POST,400", "POST,403", "POST,404", "PUT,409", "DELETE,405", "POST,500", "POST,503"})
    void section4_4_errorsDoNotInvalidate(String method, int status) throws IOException {
        send(method, status);

        assertThat(get().text()).isEqualTo("old");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS"})
    void section4_4_safeMethodsDoNotInvalidate(String method) throws IOException {
        send(method, 200);

        assertThat(get().text()).isEqualTo("old");
    }

    @Test
    void section4_4_aWriteElsewhereDoesNotInvalidate() throws IOException {
        backend.answer(answer(200, "done"));
        proxy.request("POST", "/thing/y", "Content-Length: 0");

        assertThat(get().text()).isEqualTo("old");
    }

    @Test
    void section4_4_aWriteOfAnotherHostDoesNotInvalidate() throws IOException {
        backend.answer(answer(200, "done"));
        try (RawClient client = proxy.client()) {
            client.send("POST /thing/x HTTP/1.1\r\nHost: other.example\r\nContent-Length: 0\r\n\r\n")
                    .read("POST");
        }

        assertThat(get().text()).isEqualTo("old");
    }

    @Test
    void section4_4_allVariantsAreInvalidated() throws IOException {
        send("POST", 200);
        backend.answer(page("old", "Cache-Control: max-age=600", "Vary: X-Test"));
        get("X-Test: a");
        get("X-Test: b");
        send("POST", 200);

        assertThat(get("X-Test: a").text()).isEqualTo("new");
        assertThat(get("X-Test: b").text()).isEqualTo("new");
    }

    @Test
    void section4_4_whatIsInvalidIsNotGivenInAnOutage() throws IOException {
        send("POST", 200);
        backend.answer(answer(503, "down"));

        assertThat(get().status()).isEqualTo(503);
    }

    @Test
    void section4_4_aWriteIsAlwaysPassedOn() throws IOException {
        send("POST", 200);

        assertThat(backend.requests("POST")).hasSize(1);
    }
}
