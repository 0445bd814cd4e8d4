package dev.detour.mirror.sync;

import dev.detour.mirror.store.ListEntry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The entries of a project list in the order of names, each project once: as bytes, since a million entries as objects would
 * take ten times the room. Not thread-safe.
 */
final class Listing {
    private static final long NO_SERIAL = Long.MIN_VALUE;
    private static final byte[] ZERO = new byte[1];

    /** Of each entry: its name, a zero byte, its JSON, a zero byte; neither name nor canonical JSON holds one. */
    private byte[] text = new byte[1 << 16];

    private int length;
    private int[] starts = new int[1024];
    private long[] serials = new long[1024];
    private int size;
    private boolean ordered = true;

    void add(String project, OptionalLong serial, String json) {
        if (size == serials.length) {
            starts = Arrays.copyOf(starts, 2 * size);
            serials = Arrays.copyOf(serials, 2 * size);
        }
        starts[size] = length;
        serials[size] = serial.orElse(NO_SERIAL);
        append(project.getBytes(StandardCharsets.US_ASCII));
        append(ZERO);
        append(json.getBytes(StandardCharsets.UTF_8));
        append(ZERO);
        size++;
        ordered &= size == 1 || compare(size - 2, size - 1) < 0;
    }

    private void append(byte[] bytes) {
        if (text.length - length < bytes.length) {
            text = Arrays.copyOf(text, Math.addExact(length, Math.max(bytes.length, length / 2)));
        }
        System.arraycopy(bytes, 0, text, length, bytes.length);
        length += bytes.length;
    }

    /** Puts the entries in order; of those that stand for one project, the last stays. Before anything is asked for. */
    Listing order() {
        if (!ordered) {
            Integer[] rows = new Integer[size];
            Arrays.setAll(rows, row -> row);
            Arrays.sort(rows, this::compare);
            int[] sortedStarts = new int[size];
            long[] sortedSerials = new long[size];
            int count = 0;
            for (int i = 0; i < size; i++) {
                if (i + 1 == size || compare(rows[i], rows[i + 1]) != 0) {
                    sortedStarts[count] = starts[rows[i]];
                    sortedSerials[count++] = serials[rows[i]];
                }
            }
            starts = sortedStarts;
            serials = sortedSerials;
            size = count;
            ordered = true;
        }
        return this;
    }

    private int compare(int one, int other) {
        return Arrays.compareUnsigned(text, starts[one], endOfName(one), text, starts[other], endOfName(other));
    }

    private int endOfName(int row) {
        return zero(starts[row]);
    }

    private int zero(int from) {
        int at = from;
        while (text[at] != 0) {
            at++;
        }
        return at;
    }

    int size() {
        return size;
    }

    boolean hasSerials() {
        for (int row = 0; row < size; row++) {
            if (serials[row] != NO_SERIAL) {
                return true;
            }
        }
        return false;
    }

    String project(int row) {
        return new String(text, starts[row], endOfName(row) - starts[row], StandardCharsets.US_ASCII);
    }

    OptionalLong serial(int row) {
        return serials[row] == NO_SERIAL ? OptionalLong.empty() : OptionalLong.of(serials[row]);
    }

    ListEntry entry(int row) {
        int json = endOfName(row) + 1;
        return new ListEntry(
                project(row), serial(row), new String(text, json, zero(json) - json, StandardCharsets.UTF_8));
    }

    /** Compares a row's name with a project's, as names are ordered. */
    int compareName(int row, String project) {
        int end = endOfName(row);
        int at = starts[row];
        int length = Math.min(end - at, project.length());
        for (int i = 0; i < length; i++) {
            int difference = text[at + i] - project.charAt(i);
            if (difference != 0) {
                return difference;
            }
        }
        return end - at - project.length();
    }

    boolean contains(String project) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compareName(middle, project);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return false;
    }
}
