package dev.detour.proxy.route;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;

/** A header that must be there, with a value or the beginning of one; case does not count. */
final class HeaderCondition {
    private final AsciiString name;
    private final AsciiString beginning;
    private final boolean open;

    private HeaderCondition(AsciiString name, AsciiString beginning, boolean open) {
        this.name = name;
        this.beginning = beginning;
        this.open = open;
    }

    /** A condition in the notation of the configuration: {@code *} at the end of the value stands for anything. */
    static HeaderCondition of(String name, String value) {
        boolean open = value.endsWith("*");
        String beginning = open ? value.substring(0, value.length() - 1) : value;
        return new HeaderCondition(AsciiString.of(name), AsciiString.of(beginning), open);
    }

    boolean holds(HttpHeaders headers) {
        String first = headers.get(name);
        if (first == null) {
            return false;
        }
        return holds(first) || anotherHolds(headers);
    }

    /* Apart from holds(HttpHeaders) because an iterator allocates: only a header that is there with another value needs it. */
    private boolean anotherHolds(HttpHeaders headers) {
        for (Iterator<? extends CharSequence> values = headers.valueCharSequenceIterator(name); values.hasNext(); ) {
            if (holds(values.next())) {
                return true;
            }
        }
        return false;
    }

    private boolean holds(CharSequence value) {
        int length = beginning.length();
        return (open ? value.length() >= length : value.length() == length)
                && AsciiString.regionMatches(value, true, 0, beginning, 0, length);
    }
}
