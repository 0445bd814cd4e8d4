package dev.detour.health.crl;

/** The times of RFC 5280 4.1.2.5: always UTC, always with seconds, never with fractions; read without an object for each. */
final class DerTime {
    static final int UTC_TIME = 0x17;
    static final int GENERALIZED_TIME = 0x18;
    static final long INVALID = Long.MIN_VALUE;

    private static final int UTC_LENGTH = 13;
    private static final int GENERALIZED_LENGTH = 15;
    private static final int SECONDS_A_DAY = 86_400;
    /** From 0000-03-01, where years begin that end with the leap day, to 1970-01-01. */
    private static final int DAYS_TO_1970 = 719_468;

    private DerTime() {}

    static int length(int tag) {
        return tag == GENERALIZED_TIME ? GENERALIZED_LENGTH : UTC_LENGTH;
    }

    /** Seconds since 1970, or {@link #INVALID}. */
    static long seconds(byte[] source, int from, int length) {
        int at = from;
        int year = pair(source, at);
        if (length == GENERALIZED_LENGTH) {
            at += 2;
            int low = pair(source, at);
            year = year < 0 || low < 0 ? -1 : year * 100 + low;
        } else if (year >= 0) {
            year += year < 50 ? 2000 : 1900;
        }
        int month = pair(source, at + 2);
        int day = pair(source, at + 4);
        int hour = pair(source, at + 6);
        int minute = pair(source, at + 8);
        int second = pair(source, at + 10);
        boolean valid = year >= 0
                && month >= 1
                && month <= 12
                && day >= 1
                && day <= days(year, month)
                && inside(hour, 24)
                && inside(minute, 60)
                && inside(second, 60)
                && source[at + 12] == 'Z';
        return valid ? epochDay(year, month, day) * SECONDS_A_DAY + hour * 3_600L + minute * 60L + second : INVALID;
    }

    private static boolean inside(int value, int above) {
        return value >= 0 && value < above;
    }

    private static int pair(byte[] source, int at) {
        int high = source[at] - '0';
        int low = source[at + 1] - '0';
        return inside(high, 10) && inside(low, 10) ? high * 10 + low : -1;
    }

    private static int days(int year, int month) {
        if (month == 2) {
            return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
        }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    private static long epochDay(int year, int month, int day) {
        int marchYear = month <= 2 ? year - 1 : year;
        int era = Math.floorDiv(marchYear, 400);
        int yearOfEra = marchYear - era * 400;
        int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - DAYS_TO_1970;
    }
}
