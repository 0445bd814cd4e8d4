package dev.detour.mirror.interchange;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a stream, as bytes. Not thread-safe. */
final class Lines {
    /** Many times the largest page there is. */
    private static final int LONGEST = 512 << 20;

    private static final int BUFFER = 1 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int end;
    private long number;

    Lines(InputStream in) {
        this.in = in;
    }

    /** The number of the last line, from 1. */
    long number() {
        return number;
    }

    /** The next one without its end, or null if there is none. */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = null;
        while (true) {
            if (position == end && !fill()) {
                return line == null ? null : line.toByteArray();
            }
            if (line == null) {
                number++;
            }
            int stop = position;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            if (line == null) {
                line = new ByteArrayOutputStream(stop - position);
            }
            if ((long) line.size() + stop - position > LONGEST) {
                throw new IOException("line " + number + " is longer than " + LONGEST + " bytes");
            }
            line.write(buffer, position, stop - position);
            position = Math.min(stop + 1, end);
            if (stop < end) {
                return line.toByteArray();
            }
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }
}
