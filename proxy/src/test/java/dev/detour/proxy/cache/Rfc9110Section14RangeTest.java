package dev.detour.proxy.cache;

import static dev.detour.proxy.cache.Messages.headers;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc9110Section14RangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-4,0,5",
        "Bytes=5-,5,5",
        "bytes=-3,7,3",
        "bytes=-99,0,10",
        "bytes=9-99999999999999999999,9,1",
        "bytes=10-,-1,0",
        "bytes=-0,-1,0"
    })
    void section1412_oneRangeIsTaken(String sent, long first, long length) {
        assertThat(ByteRange.of(headers("Range", sent), 10, headers())).isEqualTo(new ByteRange(first, length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bytes=0-1,3-4", "lines=0-1", "bytes=2-1", "bytes=-", "bytes=a-", "bytes 0-1", "", "bytes=0--1"})
    void section142_anythingElseMeansTheWhole(String sent) {
        assertThat(ByteRange.of(headers("Range", sent), 10, headers())).isNull();
    }

    @Test
    void section1412_nothingHasNoParts() {
        assertThat(ByteRange.of(headers("Range", "bytes=0-"), 0, headers())).isEqualTo(ByteRange.UNSATISFIABLE);
        assertThat(ByteRange.of(headers("Range", "bytes=-1"), 0, headers())).isNull();
        assertThat(ByteRange.of(headers(), 10, headers())).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"a\"|true",
                "W/\"a\"|false",
                "\"b\"|false",
                "Sun, 01 Mar 2026 12:00:00 GMT|true",
                "Sun, 01 Mar 2026 12:00:01 GMT|false",
                "x|false"
            })
    void section1315_ifRangeComparesStrongly(String condition, boolean applies) {
        HttpHeaders stored =
                headers("ETag", "\"a\"", "Last-Modified", Messages.DATE, "Date", "Sun, 01 Mar 2026 12:00:01 GMT");

        ByteRange range = ByteRange.of(headers("Range", "bytes=0-1", "If-Range", condition), 10, stored);

        assertThat(range != null).isEqualTo(applies);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sun, 01 Mar 2026 12:00:01 GMT|true",
                "Sun, 01 Mar 2026 12:00:00 GMT|false",
                "Sun, 01 Mar 2026 11:59:59 GMT|false",
                "lately|false"
            })
    void section8822_aDateIsStrongOnceItsSecondIsOver(String sent, boolean applies) {
        HttpHeaders stored = headers("Last-Modified", Messages.DATE, "Date", sent);

        ByteRange range = ByteRange.of(headers("Range", "bytes=0-1", "If-Range", Messages.DATE), 10, stored);

        assertThat(range != null).isEqualTo(applies);
    }

    @Test
    void section1315_weakTagsNeverMatchIfRange() {
        assertThat(ByteRange.of(headers("Range", "bytes=0-1", "If-Range", "W/\"a\""), 10, headers("ETag", "W/\"a\"")))
                .isNull();
    }
}
