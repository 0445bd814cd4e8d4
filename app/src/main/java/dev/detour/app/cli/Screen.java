package dev.detour.app.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where a command that repeats itself is seen. */
interface Screen {
    /** Output to a file or a pipe, or to a screen that is not known to understand more. */
    Screen PLAIN = new Screen() {
        @Override
        public boolean repaints() {
            return false;
        }
    };

    /** Whether what was printed can be painted over. */
    boolean repaints();

    /** Waits before the next picture. */
    default void rest(Duration length) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(length.toNanos());
    }

    /** That of this process. */
    static Screen ofProcess() {
        return isTerminal(System.console())
                ? new Screen() {
                    @Override
                    public boolean repaints() {
                        return true;
                    }
                }
                : PLAIN;
    }

    /** Up to Java 21 there is a console only on a terminal; from 22 on it has to be asked. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}
