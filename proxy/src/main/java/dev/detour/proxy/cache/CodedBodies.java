package dev.detour.proxy.cache;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stored answer in other codings, each made when it is first asked for. Thread-safe; whoever uses it holds a count of the
 * answer, which owns these.
 */
final class CodedBodies {
    /** By coding: how the answer is given to those who like it best, once that has been tried. Read at every hit. */
    private volatile Map<ContentCoding, Form> settled = Map.of();
    /** Who waits for a coding that is being tried. */
    private final Map<ContentCoding, List<Runnable>> waiting = new EnumMap<>(ContentCoding.class);

    /** How the answer is given to those who like this coding best, or null if that has not been tried. */
    @Nullable Form form(ContentCoding coding) {
        return settled.get(coding);
    }

    /** Has {@code then} run once the coding has been tried; true if the caller is the first, and has to see to that. */
    boolean await(ContentCoding coding, Runnable then) {
        synchronized (this) {
            if (form(coding) == null) {
                List<Runnable> others = waiting.get(coding);
                waiting.computeIfAbsent(coding, none -> new ArrayList<>()).add(then);
                return others == null;
            }
        }
        then.run();
        return false;
    }

    /** The coding has been tried, and this came of it: its body becomes ours. Those who wait are told. */
    void settle(ContentCoding coding, Form form) {
        List<Runnable> told;
        synchronized (this) {
            Map<ContentCoding, Form> more = new EnumMap<>(ContentCoding.class);
            more.putAll(settled);
            more.put(coding, form);
            settled = more;
            told = waiting.remove(coding);
        }
        tell(told);
    }

    /** It was not tried: who waits gets what there is, and the next one may try again. */
    void forget(ContentCoding coding) {
        List<Runnable> told;
        synchronized (this) {
            told = waiting.remove(coding);
        }
        tell(told);
    }

    private static void tell(@Nullable List<Runnable> told) {
        if (told != null) {
            told.forEach(Runnable::run);
        }
    }

    /** Takes over those of {@code other}, which has the same body, for {@code answer}. */
    void adopt(CodedBodies other, StoredAnswer answer) {
        other.settled.forEach((coding, theirs) -> settle(
                coding,
                theirs.coding() == null
                        ? answer.oneOfSeveral()
                        : Form.coded(answer, coding, theirs.body().retain())));
    }

    int weight() {
        int sum = 0;
        for (Form form : settled.values()) {
            sum += form.coding() == null ? 0 : form.body().capacity();
        }
        return sum;
    }

    void release() {
        for (Form form : settled.values()) {
            if (form.coding() != null) {
                form.body().release();
            }
        }
    }
}
