package dev.detour.health.crl;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * DER (X.690) read once from front to back through one buffer, whatever its size.
 *
 * <p>A length is believed only within its container, and as far as bytes come: nothing is allocated for what is merely
 * announced.
 */
final class DerInput {
    static final int BOOLEAN = 0x01;
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;

    private static final int BUFFER = 64 * 1024;
    private static final int LONG_FORM = 0x80;
    /** Enough for 256 TiB. */
    private static final int LENGTH_OCTETS = 6;

    private final ByteSource in;
    private final byte[] buffer;
    /** Offset of the first byte in the buffer. */
    private long origin;

    private int position;
    private int filled;
    private @Nullable Tap tap;
    private int tapped;

    /** What is told every byte that was read. */
    interface Tap {
        void bytes(byte[] source, int from, int length);
    }

    DerInput(ByteSource in) {
        this(in, BUFFER);
    }

    private DerInput(ByteSource in, int size) {
        this.in = in;
        this.buffer = new byte[size];
    }

    static DerInput of(byte[] bytes) {
        return new DerInput(new ByteArrayInputStream(bytes)::read, Math.max(32, bytes.length));
    }

    /** How many bytes have been read. */
    long offset() {
        return origin + position;
    }

    /** Whether no byte is left. */
    boolean exhausted() throws IOException, CrlFormatException {
        return position == filled && !fill();
    }

    /** Passes on every byte read from here on; what was passed to the tap before is complete then. */
    void tap(@Nullable Tap next) {
        drain();
        tap = next;
        tapped = position;
    }

    /** The next tag, not yet read, or -1 at {@code limit}. */
    int peek(long limit) throws IOException, CrlFormatException {
        if (offset() >= limit) {
            return -1;
        }
        need(1, "the next element");
        return buffer[position] & 0xff;
    }

    /**
     * Reads a tag and a length.
     *
     * @param limit where the container ends
     * @return where the element's content ends
     */
    long expect(int tag, String what, long limit) throws IOException, CrlFormatException {
        long start = offset();
        if (start >= limit) {
            throw new CrlFormatException(start, what + " is missing at byte " + start);
        }
        need(2, what);
        int found = buffer[position] & 0xff;
        if (found != tag) {
            throw new CrlFormatException(
                    start,
                    String.format("%s at byte %d has the tag 0x%02x (expected: 0x%02x)", what, start, found, tag));
        }
        long end = length(what, start);
        if (end > limit) {
            throw new CrlFormatException(
                    start,
                    what + " at byte " + start + " would end at byte " + end
                            + ", past the end of what contains it at byte " + limit);
        }
        return end;
    }

    private long length(String what, long start) throws IOException, CrlFormatException {
        int first = buffer[position + 1] & 0xff;
        if (first < LONG_FORM) {
            position += 2;
            return offset() + first;
        }
        int octets = first - LONG_FORM;
        if (octets == 0 || octets > LENGTH_OCTETS) {
            throw new CrlFormatException(
                    start,
                    what + " at byte " + start
                            + (octets == 0 ? " has an indefinite length" : " has a length of " + octets + " octets")
                            + " (expected: DER, up to " + LENGTH_OCTETS + ")");
        }
        need(2 + octets, what);
        long length = 0;
        for (int i = 0; i < octets; i++) {
            length = length << 8 | (buffer[position + 2 + i] & 0xff);
        }
        if (length < LONG_FORM || length >>> (8 * (octets - 1)) == 0) {
            throw new CrlFormatException(
                    start, what + " at byte " + start + " has a length with needless octets (expected: DER)");
        }
        position += 2 + octets;
        return offset() + length;
    }

    /** Reads what is left before {@code end} and forgets it. */
    void skipTo(long end, String what) throws IOException, CrlFormatException {
        while (end - origin > filled) {
            position = filled;
            if (!fill()) {
                throw truncated(what);
            }
        }
        position = (int) (end - origin);
    }

    /** Reads what is left before {@code end}, if it is not more than {@code most}. */
    byte[] bytesTo(long end, int most, String what) throws IOException, CrlFormatException {
        long length = end - offset();
        if (length > most) {
            throw new CrlFormatException(
                    offset(),
                    what + " at byte " + offset() + " has " + length + " bytes (expected: up to " + most + ")");
        }
        byte[] bytes = new byte[(int) length];
        int copied = 0;
        while (copied < bytes.length) {
            if (position == filled && !fill()) {
                throw truncated(what);
            }
            int step = Math.min(bytes.length - copied, filled - position);
            System.arraycopy(buffer, position, bytes, copied, step);
            position += step;
            copied += step;
        }
        return bytes;
    }

    /** Reads a whole element; gives its content, if it is not more than {@code most} bytes. */
    byte[] element(int tag, int most, String what, long limit) throws IOException, CrlFormatException {
        return bytesTo(expect(tag, what, limit), most, what);
    }

    /** Checks that an element whose content ends at {@code end} has nothing after {@code last}. */
    void finish(long end, long last, String what) throws CrlFormatException {
        if (last != end) {
            throw new CrlFormatException(last, what + " has " + (end - last) + " bytes too many at byte " + last);
        }
    }

    /** Whether the next element is a Time of RFC 5280 4.1.2.5, as far as its tag tells. */
    boolean atTime(long limit) throws IOException, CrlFormatException {
        int tag = peek(limit);
        return tag == DerTime.UTC_TIME || tag == DerTime.GENERALIZED_TIME;
    }

    /** Reads a Time; seconds since 1970. */
    long time(String what, long limit) throws IOException, CrlFormatException {
        long start = offset();
        int tag = peek(limit);
        long end = expect(tag == DerTime.GENERALIZED_TIME ? tag : DerTime.UTC_TIME, what, limit);
        int length = DerTime.length(tag);
        long seconds = DerTime.INVALID;
        if (end - offset() == length) {
            need(length, what);
            seconds = DerTime.seconds(buffer, position, length);
            position += length;
        }
        if (seconds == DerTime.INVALID) {
            throw new CrlFormatException(
                    start, what + " at byte " + start + " is not a time (expected: YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ)");
        }
        return seconds;
    }

    private void need(int length, String what) throws IOException, CrlFormatException {
        while (filled - position < length) {
            if (!fill()) {
                throw truncated(what);
            }
        }
    }

    private CrlFormatException truncated(String what) {
        long end = origin + filled;
        return new CrlFormatException(end, "truncated: ends at byte " + end + " within " + what);
    }

    private boolean fill() throws IOException, CrlFormatException {
        if (position > 0) {
            drain();
            System.arraycopy(buffer, position, buffer, 0, filled - position);
            origin += position;
            filled -= position;
            position = 0;
            tapped = 0;
        }
        int read = in.read(buffer, filled, buffer.length - filled);
        filled += Math.max(0, read);
        return read > 0;
    }

    private void drain() {
        if (tap != null && position > tapped) {
            tap.bytes(buffer, tapped, position - tapped);
        }
        tapped = position;
    }
}
