package dev.detour.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class BodySearchProperties {

    /** Two letters make near misses and overlaps likely. */
    @Property
    void findsWhatTheWholeBodyContainsHoweverItIsCut(
            @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 7) String text,
            @ForAll @Size(max = 12) List<@CharRange(from = 'a', to = 'b') @StringLength(max = 9) String> pieces) {
        BodySearch search = new BodySearch(text);

        pieces.forEach(piece -> feed(search, piece.getBytes(StandardCharsets.UTF_8)));

        assertThat(search.found()).isEqualTo(String.join("", pieces).contains(text));
    }

    @Example
    void findsACharacterThatIsCutInTwo() {
        BodySearch search = new BodySearch("é!");
        byte[] body = "ok é!".getBytes(StandardCharsets.UTF_8);

        feed(search, Arrays.copyOf(body, 4));
        assertThat(search.found()).isFalse();

        feed(search, Arrays.copyOfRange(body, 4, body.length));
        assertThat(search.found()).isTrue();
    }

    private static void feed(BodySearch search, byte[] bytes) {
        search.feed(Unpooled.wrappedBuffer(bytes), bytes.length);
    }
}
