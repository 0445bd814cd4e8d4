package dev.detour.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LineRingProperties {
    private static final int SIZE = 64;

    /** Each step offers a line of that length, or drains for 0. */
    @Property
    void acceptedLinesComeOutWholeAndInOrderAndOnlyFullRingsRefuse(
            @ForAll @Size(max = 100) List<@IntRange(max = 70) Integer> steps) throws IOException {
        LineRing ring = new LineRing(SIZE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringBuilder accepted = new StringBuilder();
        int waiting = 0;

        for (int step : steps) {
            if (step == 0) {
                assertThat(ring.drainTo(out)).isEqualTo(waiting > 0);
                waiting = 0;
            } else {
                String line = String.valueOf((char) ('a' + step % 26)).repeat(step - 1) + "\n";
                boolean taken = ring.offer(line.getBytes(StandardCharsets.US_ASCII), line.length());
                assertThat(taken).isEqualTo(waiting + line.length() <= SIZE);
                if (taken) {
                    accepted.append(line);
                    waiting += line.length();
                }
            }
        }
        ring.drainTo(out);

        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo(accepted.toString());
    }

    @Example
    void onlyTheFirstBytesOfTheBufferAreTheLine() throws IOException {
        LineRing ring = new LineRing(SIZE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        ring.offer("line\nrest of the buffer".getBytes(StandardCharsets.US_ASCII), 5);
        ring.drainTo(out);

        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("line\n");
    }

    @Example
    void aSizeThatIsNoPowerOfTwoIsRefusedByName() {
        assertThatThrownBy(() -> new LineRing(100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("size: 100 (expected: a power of two)");
    }

    @Example
    void oneThreadOffersWhileAnotherDrains() throws Exception {
        LineRing ring = new LineRing(1024);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringBuilder expected = new StringBuilder();
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 20_000; i++) {
                String line = "line " + i + "\n";
                byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
                while (!ring.offer(bytes, bytes.length)) {
                    Thread.onSpinWait();
                }
                expected.append(line);
            }
        });

        writer.start();
        while (writer.isAlive()) {
            ring.drainTo(out);
        }
        writer.join();
        ring.drainTo(out);

        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo(expected.toString());
    }
}
