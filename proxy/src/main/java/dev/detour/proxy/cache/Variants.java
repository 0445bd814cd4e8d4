package dev.detour.proxy.cache;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answers kept for one address, one for each kind of request that the backend tells apart (RFC 9111 4.1). Immutable. */
record Variants(List<StoredAnswer> answers) {
    /** A backend that varies by something endless, such as User-Agent, must not make one address take all the room. */
    private static final int MOST = 16;

    static Variants of(StoredAnswer only) {
        return new Variants(List.of(only));
    }

    /** The answer meant for such a request, or null. */
    @Nullable StoredAnswer find(HttpHeaders request, String form) {
        List<String> named = List.of();
        String asked = null;
        for (int i = 0; i < answers.size(); i++) {
            StoredAnswer each = answers.get(i);
            List<String> vary = each.policy().vary();
            if (asked == null || !vary.equals(named)) {
                named = vary;
                asked = ResponseCache.variant(vary, request, form);
            }
            if (each.variant().equals(asked)) {
                return each;
            }
        }
        return null;
    }

    /** Whether there is one for the same requests as {@code other}. */
    boolean has(StoredAnswer other) {
        return answers.stream().anyMatch(each -> isForTheSame(each, other));
    }

    private static boolean isForTheSame(StoredAnswer one, StoredAnswer other) {
        return one.variant().equals(other.variant())
                && one.policy().vary().equals(other.policy().vary());
    }

    /** These with {@code added} first; what it replaces, or crowds out, is released. */
    Variants with(StoredAnswer added) {
        List<StoredAnswer> after = new ArrayList<>();
        after.add(added);
        for (StoredAnswer each : answers) {
            if (isForTheSame(each, added) || after.size() == MOST) {
                each.release();
            } else {
                after.add(each);
            }
        }
        return new Variants(List.copyOf(after));
    }

    int weight() {
        long sum = 0;
        for (StoredAnswer each : answers) {
            sum += each.weight();
        }
        return (int) Math.min(Integer.MAX_VALUE, sum);
    }

    void release() {
        answers.forEach(StoredAnswer::release);
    }
}
