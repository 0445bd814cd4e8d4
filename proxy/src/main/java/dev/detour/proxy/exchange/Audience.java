package dev.detour.proxy.exchange;

import dev.detour.health.failure.Failure;
import dev.detour.proxy.cache.StoredAnswer;
import dev.detour.proxy.refuse.RefusalCause;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who waits for one fetch, and what there is to tell them: nothing yet, an answer, that each has to ask for itself,
 * or that it failed. Who comes later is told the same at once. Thread-safe; readers hear of it on their own loops.
 */
final class Audience {
    private final List<FillReader> readers = new ArrayList<>();
    private @Nullable News news;

    /** What is told to one reader. */
    private interface News {
        /** Tells it; false if this reader has nothing more to expect. */
        boolean tell(FillReader reader);
    }

    /** Tells {@code reader} what there is to tell, now or later. */
    void join(FillReader reader) {
        News known;
        synchronized (this) {
            known = news;
            readers.add(reader);
        }
        if (known != null && !known.tell(reader)) {
            leave(reader);
        }
    }

    /** A reader wants no more. */
    synchronized void leave(FillReader reader) {
        readers.remove(reader);
    }

    /** There is an answer for those for whom it is meant; the others ask for themselves. */
    void tellReady(StoredAnswer answer) {
        tell(reader -> {
            boolean given = reader.isMeant(answer) && answer.tryRetain();
            if (given) {
                reader.onReady(answer);
            } else {
                reader.onPassed();
            }
            return given;
        });
    }

    /** Everyone asks for itself. */
    void tellPassed() {
        tell(reader -> {
            reader.onPassed();
            return false;
        });
    }

    /** It failed, and why. */
    void tellFailed(@Nullable Failure failure, String because, RefusalCause otherwise) {
        tell(reader -> {
            reader.onFailed(failure, because, otherwise);
            return false;
        });
    }

    private void tell(News told) {
        List<FillReader> present;
        synchronized (this) {
            news = told;
            present = List.copyOf(readers);
        }
        for (FillReader reader : present) {
            if (!told.tell(reader)) {
                leave(reader);
            }
        }
    }

    /** More of the answer has come, or will not come. */
    void tellProgress() {
        List<FillReader> present;
        synchronized (this) {
            present = List.copyOf(readers);
        }
        present.forEach(FillReader::onProgress);
    }

    /** The one of this loop whose request it was that the fetch was made from, if it is still there: it waits no longer. */
    synchronized @Nullable FillReader takeHeir(Worker worker, CacheUse use) {
        for (FillReader reader : readers) {
            if (reader.worker() == worker && reader.mayInherit(use)) {
                readers.remove(reader);
                return reader;
            }
        }
        return null;
    }
}
