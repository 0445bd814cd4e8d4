package dev.detour.proxy.cache;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A targeted cache control field (RFC 9213): a structured-field dictionary (RFC 8941 3.2), which is valid as a whole or not
 * at all. Parameters are read and ignored; of members with the same key the last counts.
 */
final class TargetedControl {
    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~:/";
    private static final int MOST_DIGITS = 15;

    private final String text;
    private int at;
    private boolean failed;

    private TargetedControl(String text) {
        this.text = text;
    }

    /** The directives, or null if the field is absent, empty or malformed, and so does not count (RFC 9213 2.1). */
    static @Nullable Directives parse(List<String> lines) {
        if (lines.isEmpty()) {
            return null;
        }
        Map<String, Long> values = new HashMap<>();
        TargetedControl reader = new TargetedControl(String.join(",", lines));
        reader.dictionary(values);
        return reader.failed || values.isEmpty() ? null : new Directives(values);
    }

    private void dictionary(Map<String, Long> values) {
        skip(" ");
        while (at < text.length() && !failed) {
            member(values);
            skip(" \t");
            if (at < text.length()) {
                expect(',');
                skip(" \t");
                failed |= at >= text.length();
            }
        }
    }

    private void member(Map<String, Long> values) {
        String key = key();
        long value = Directives.BARE;
        boolean present = true;
        if (take('=')) {
            int start = at;
            if (peek() == '(') {
                innerList();
                value = Directives.INVALID;
            } else {
                value = bareItem();
            }
            // false says that the directive is not there
            present = !text.startsWith("?0", start);
        }
        parameters();
        if (present) {
            values.put(key, value);
        } else {
            values.remove(key);
        }
    }

    private String key() {
        int start = at;
        failed |= !(isLower(peek()) || peek() == '*');
        while (isLower(peek()) || isDigit(peek()) || (at < text.length() && "_-.*".indexOf(peek()) >= 0)) {
            at++;
        }
        return text.substring(start, at);
    }

    private void parameters() {
        while (!failed && take(';')) {
            skip(" ");
            key();
            if (take('=')) {
                bareItem();
            }
        }
    }

    private void innerList() {
        at++;
        while (!failed) {
            skip(" ");
            if (take(')')) {
                return;
            }
            bareItem();
            parameters();
            failed |= peek() != ' ' && peek() != ')';
        }
    }

    /** An integer's seconds (none is negative), {@link Directives#BARE} for a boolean, or {@link Directives#INVALID}. */
    private long bareItem() {
        char c = peek();
        if (isDigit(c) || c == '-') {
            return number();
        }
        if (c == '?') {
            at++;
            failed |= !take('0') && !take('1');
            return Directives.BARE;
        }
        if (c == '"') {
            string();
        } else if (c == ':') {
            bytes();
        } else if (isLower(c) || (c >= 'A' && c <= 'Z') || c == '*') {
            while (isAlphanumeric(peek()) || (at < text.length() && TOKEN_PUNCTUATION.indexOf(peek()) >= 0)) {
                at++;
            }
        } else {
            failed = true;
        }
        return Directives.INVALID;
    }

    private long number() {
        boolean negative = take('-');
        int start = at;
        digits();
        String whole = text.substring(start, at);
        boolean decimal = take('.');
        int point = at;
        digits();
        boolean fraction = at - point >= 1 && at - point <= 3 && whole.length() <= 12;
        failed |= whole.isEmpty() || whole.length() > MOST_DIGITS || (decimal && !fraction);
        return decimal || failed ? Directives.INVALID : negative ? 0 : Directives.deltaSeconds(whole);
    }

    private void digits() {
        while (isDigit(peek())) {
            at++;
        }
    }

    private void string() {
        at++;
        while (at < text.length() && peek() != '"') {
            if (take('\\')) {
                failed |= peek() != '"' && peek() != '\\';
            }
            failed |= peek() < ' ' || peek() > '~';
            at++;
        }
        expect('"');
    }

    private void bytes() {
        at++;
        while (isAlphanumeric(peek()) || (at < text.length() && "+/=".indexOf(peek()) >= 0)) {
            at++;
        }
        expect(':');
    }

    private void expect(char c) {
        failed |= !take(c);
    }

    private boolean take(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void skip(String blanks) {
        while (at < text.length() && blanks.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    /** The next character, NUL at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private static boolean isAlphanumeric(char c) {
        return isLower(c) || (c >= 'A' && c <= 'Z') || isDigit(c);
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
