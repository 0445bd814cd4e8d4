package dev.detour.proxy.exchange;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Request ids: the client's own if it is well formed, otherwise 16 hexadecimal digits no other loop is likely to give. */
final class RequestIds {
    private static final int MAX_LENGTH = 128;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    /** Odd, so that the sequence visits every 64-bit value once (a Weyl sequence). */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private long state;

    RequestIds(long seed) {
        this.state = seed;
    }

    CharSequence idFor(@Nullable CharSequence offered) {
        return offered != null && wellFormed(offered) ? offered : next();
    }

    private AsciiString next() {
        state += STEP;
        long bits = state;
        byte[] digits = new byte[16];
        for (int i = 15; i >= 0; i--) {
            digits[i] = HEX[(int) (bits & 15)];
            bits >>>= 4;
        }
        return new AsciiString(digits, false);
    }

    /** Visible ASCII without quotes and separators that would break a log line. */
    static boolean wellFormed(CharSequence id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!alphanumeric && "-_.:=/+".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
