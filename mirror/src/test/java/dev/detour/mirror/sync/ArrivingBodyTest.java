package dev.detour.mirror.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ArrivingBodyTest {
    /** A body that stalls until it is closed. */
    private static final class Stalled extends InputStream {
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public int read() throws IOException {
            try {
                closed.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return -1;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            return read();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void aBodyThatStallsIsGivenUpWhenItsTimeIsOver() throws IOException {
        ArrivingBody body = new ArrivingBody(new Stalled(), 100, Duration.ofMillis(20));
        body.decode("");

        assertThatThrownBy(body::readAllBytes).hasMessage("not read within its time");
        assertThat(body.failure()).hasMessage("not read within its time");
    }

    @Test
    void aReaderThatClosesItDoesNotEndIt() throws IOException {
        ArrivingBody body = new ArrivingBody(InputStream.nullInputStream(), 100, Duration.ofMinutes(1));
        body.decode("identity");

        body.close();
        body.finish();

        assertThat(body.failure()).isNull();
        body.end();
    }
}
