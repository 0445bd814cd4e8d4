package dev.detour.proxy.observe;

import dev.detour.health.failure.Failure;
import dev.detour.proxy.exchange.ClientAnswer;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;

/**
 * One line of the access log, in a buffer used again and again:
 *
 * <pre>
 * 2026-01-02T03:04:05.678Z 192.0.2.1 "GET /simple/x/" 200 4711 1.234ms route=simple-project source=mirror reason=refused id=…
 * </pre>
 *
 * Confined to one thread.
 */
final class AccessLine {
    /** A request target longer than this is cut: one client must not fill the log. */
    private static final int MAX_TARGET = 2048;

    private final InstantSource clock;
    private byte[] buffer = new byte[4096];
    private int length;
    private long second = Long.MIN_VALUE;
    private byte[] secondText = {};

    AccessLine(InstantSource clock) {
        this.clock = clock;
    }

    byte[] bytes() {
        return buffer;
    }

    int length() {
        return length;
    }

    void format(ClientAnswer answer, long durationNanos) {
        length = 0;
        appendTime();
        append(" ").append(answer.clientAddress()).append(" \"");
        append(answer.request().method().asciiName()).append(" ");
        appendTarget(answer.request().uri());
        append("\" ")
                .append(answer.status())
                .append(" ")
                .append(answer.bytesSent())
                .append(" ");
        append(durationNanos / 1_000_000).append(".");
        appendDigits((int) (durationNanos / 1_000 % 1_000), 3);
        append("ms route=").append(answer.route().name());
        append(" source=").append(answer.source().label());
        appendReason(answer);
        if (answer.aborted()) {
            append(" aborted=true");
        }
        append(" id=").append(answer.requestId()).append("\n");
    }

    private void appendReason(ClientAnswer answer) {
        String reason = answer.reason();
        Failure failure = answer.failure();
        if (answer.source().diverted() && reason != null) {
            append(" reason=").append(reason);
        } else if (failure != null) {
            append(" failure=").append(failure.label());
        }
    }

    private void appendTime() {
        long millis = clock.millis();
        long now = Math.floorDiv(millis, 1000L);
        if (now != second) {
            second = now;
            String text = Instant.ofEpochSecond(now).toString();
            // without the Z: milliseconds follow
            secondText = new AsciiString(text, 0, text.length() - 1).array();
        }
        ensure(secondText.length);
        System.arraycopy(secondText, 0, buffer, length, secondText.length);
        length += secondText.length;
        append(".");
        appendDigits((int) Math.floorMod(millis, 1000L), 3);
        append("Z");
    }

    /** The guard let only visible ASCII through; quotes and backslashes are escaped so that the line stays parsable. */
    private void appendTarget(String target) {
        int end = Math.min(target.length(), MAX_TARGET);
        ensure(2 * end);
        for (int i = 0; i < end; i++) {
            char c = target.charAt(i);
            if (c == '"' || c == '\\') {
                buffer[length++] = '\\';
            }
            buffer[length++] = (byte) c;
        }
        if (end < target.length()) {
            append("...");
        }
    }

    private AccessLine append(CharSequence text) {
        int count = text.length();
        ensure(count);
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            buffer[length++] = c < 0x80 ? (byte) c : (byte) '?';
        }
        return this;
    }

    private AccessLine append(long number) {
        ensure(20);
        if (number < 0) {
            return append(Long.toString(number));
        }
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int i = digits - 1; i >= 0; i--) {
            buffer[length + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    private void appendDigits(int number, int digits) {
        ensure(digits);
        int rest = number;
        for (int i = digits - 1; i >= 0; i--) {
            buffer[length + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    private void ensure(int more) {
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
        }
    }
}
