package dev.detour.mirror.page;

import java.time.YearMonth;

/** A point in time as the Simple API writes it (RFC 3339). Checked by hand: a page may have ten thousand of them. */
final class Rfc3339 {
    private static final String SHAPE = "0000-00-00T00:00:00";

    private Rfc3339() {}

    static boolean isTime(String text) {
        return text.length() > SHAPE.length() && isShaped(text) && isDate(text) && isClock(text) && isZone(text);
    }

    private static boolean isShaped(String text) {
        for (int i = 0; i < SHAPE.length(); i++) {
            char shape = SHAPE.charAt(i);
            char c = text.charAt(i);
            if (shape == '0' ? !isDigit(c) : c != shape && !(shape == 'T' && c == 't')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDate(String text) {
        int month = number(text, 5);
        int day = number(text, 8);
        int year = number(text, 0) * 100 + number(text, 2);
        return month >= 1
                && month <= 12
                && day >= 1
                && day <= YearMonth.of(year, month).lengthOfMonth();
    }

    private static boolean isClock(String text) {
        // second 60 is a leap second
        return number(text, 11) <= 23 && number(text, 14) <= 59 && number(text, 17) <= 60;
    }

    private static boolean isZone(String text) {
        int at = SHAPE.length();
        if (text.charAt(at) == '.') {
            int digits = ++at;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
            if (at == digits || at == text.length()) {
                return false;
            }
        }
        char zone = text.charAt(at);
        if (zone == 'Z' || zone == 'z') {
            return at + 1 == text.length();
        }
        return (zone == '+' || zone == '-') && at + 6 == text.length() && isOffset(text, at + 1);
    }

    private static boolean isOffset(String text, int at) {
        return isDigit(text.charAt(at))
                && isDigit(text.charAt(at + 1))
                && text.charAt(at + 2) == ':'
                && isDigit(text.charAt(at + 3))
                && isDigit(text.charAt(at + 4))
                && number(text, at) <= 23
                && number(text, at + 3) <= 59;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int number(String text, int at) {
        return (text.charAt(at) - '0') * 10 + (text.charAt(at + 1) - '0');
    }
}
