package dev.detour.app.cli;

/** The exit codes that scripts rely on; the first four are those of monitoring plugins. */
final class ExitCode {
    static final int OK = 0;
    /** It works, or was done, but somebody should look. */
    static final int WARNING = 1;
    /** It does not work. */
    static final int CRITICAL = 2;
    /** What was asked for is refused, or is not valid. */
    static final int INVALID = 2;
    /** Nothing can be said, because the instance could not be asked. */
    static final int UNKNOWN = 3;
    /** The command line itself is wrong (EX_USAGE of sysexits.h). */
    static final int USAGE = 64;

    private ExitCode() {}

    /** The code for what an instance says of itself: {@code ok}, {@code warning} or {@code critical}. */
    static int ofStatus(String status) {
        return switch (status) {
            case "ok" -> OK;
            case "warning" -> WARNING;
            case "critical" -> CRITICAL;
            default -> UNKNOWN;
        };
    }
}
