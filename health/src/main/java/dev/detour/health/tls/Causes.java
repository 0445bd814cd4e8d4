package dev.detour.health.tls;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An exception with everything beneath it, causes and suppressed, outermost first; each once, however they are linked. */
public final class Causes {
    private final List<Throwable> all;

    private Causes(List<Throwable> all) {
        this.all = all;
    }

    /** The exception and everything beneath it. */
    public static Causes of(Throwable top) {
        List<Throwable> found = new ArrayList<>();
        collect(top, found, Collections.newSetFromMap(new IdentityHashMap<>()));
        return new Causes(found);
    }

    private static void collect(@Nullable Throwable next, List<Throwable> found, Set<Throwable> seen) {
        if (next == null || !seen.add(next)) {
            return;
        }
        found.add(next);
        collect(next.getCause(), found, seen);
        for (Throwable suppressed : next.getSuppressed()) {
            collect(suppressed, found, seen);
        }
    }

    /** The first of a type, or null. */
    public <T extends Throwable> @Nullable T first(Class<T> type) {
        for (Throwable each : all) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
        }
        return null;
    }

    /** Whether there is one of a type. */
    public boolean has(Class<? extends Throwable> type) {
        return first(type) != null;
    }

    /** Whether a message contains {@code lowerCase}, whatever its case. */
    public boolean says(String lowerCase) {
        return all.stream().anyMatch(each -> message(each).contains(lowerCase));
    }

    /** Whether the peer reset the connection: that has no class of its own in Java, only the system's message. */
    public boolean isReset() {
        return all.stream()
                .filter(IOException.class::isInstance)
                .map(Causes::message)
                .anyMatch(message -> message.contains("connection reset") || message.contains("broken pipe"));
    }

    List<Throwable> all() {
        return all;
    }

    private static String message(Throwable each) {
        String message = each.getMessage();
        return message == null ? "" : message.toLowerCase(Locale.ROOT);
    }
}
