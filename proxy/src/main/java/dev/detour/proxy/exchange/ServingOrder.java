package dev.detour.proxy.exchange;

import dev.detour.config.Fallback;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorResource;
import dev.detour.proxy.refuse.RefusalCause;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The places where an answer is looked for when the backend has none, in the order of the route's fallback. */
final class ServingOrder {
    private final Exchange exchange;
    private final Worker worker;
    private final Plan plan;
    private final HttpRequest request;
    private final @Nullable Caching caching;
    private final @Nullable MirrorResource resource;
    private int next;
    private RefusalCause otherwise = RefusalCause.OUTAGE;

    /**
     * The order for one request.
     *
     * @param caching what the cache has for it, or null; left aside where a tombstone withholds any of it
     * @param safe whether the request is a GET or HEAD: nothing else is answered from a copy
     */
    ServingOrder(
            Exchange exchange, Worker worker, Plan plan, HttpRequest request, @Nullable Caching caching, boolean safe) {
        this.exchange = exchange;
        this.worker = worker;
        this.plan = plan;
        this.request = request;
        boolean mirrored = plan.mirror() != null && plan.route().fallback().contains(Fallback.MIRROR);
        this.resource = safe && mirrored ? plan.route().resource(request.uri()) : null;
        // kept again from an index that still has what a tombstone withholds
        boolean withheld =
                resource != null && plan.mirror() != null && plan.mirror().withholds(resource);
        this.caching = withheld ? null : caching;
    }

    /** Whether anyone but the backend may have an answer. */
    boolean hasElsewhere() {
        return resource != null || (keptComesFirst() && caching != null && caching.mayStandIn());
    }

    /** Answers with what was kept, where that comes before a mirror; false if it does not, or there is nothing. */
    boolean standsInAside(String because) {
        return keptComesFirst() && caching != null && exchange.undecided() && caching.standsInAside(because);
    }

    private boolean keptComesFirst() {
        List<Fallback> order = plan.route().fallback();
        int kept = order.indexOf(Fallback.STALE);
        return kept >= 0 && (resource == null || kept < order.indexOf(Fallback.MIRROR));
    }

    /** Asks everyone but the backend out of order; {@code answered} gets what comes of it, unless somebody else was faster. */
    void askAside(Consumer<MirrorAnswer> answered) {
        if (plan.mirror() != null && resource != null) {
            MirrorInquiry.ask(worker, plan.mirror(), request, resource, answered);
        }
    }

    /** Goes to the first place; {@code otherwise} is what the refusal says if no place has an answer. */
    void begin(RefusalCause otherwise) {
        this.otherwise = otherwise;
        goOn();
    }

    /** Goes to the next place. */
    void goOn() {
        List<Fallback> order = plan.route().fallback();
        while (next < order.size()) {
            Fallback place = order.get(next++);
            if (place == Fallback.STALE && caching != null && caching.standsIn()) {
                return;
            }
            if (place == Fallback.MIRROR && plan.mirror() != null && resource != null) {
                MirrorInquiry.ask(worker, plan.mirror(), request, resource, this::onMirrorAnswer);
                return;
            }
        }
        exchange.refuse(otherwise);
    }

    private void onMirrorAnswer(MirrorAnswer given) {
        if (!exchange.looksElsewhere()) {
            return;
        }
        try {
            if (given instanceof MirrorAnswer.Found found) {
                exchange.answerFrom(found);
            } else if (given instanceof MirrorAnswer.Absent && !backendKnowsBetter()) {
                exchange.refuse(RefusalCause.ABSENT);
            } else {
                onMirrorSilent();
            }
        } catch (RuntimeException e) {
            exchange.onBug(e);
        }
    }

    /** Whether the backend is well and only too busy: what the mirror does not have may be there, so nobody may say 404. */
    private boolean backendKnowsBetter() {
        return otherwise == RefusalCause.OVERLOADED || otherwise == RefusalCause.TOO_MANY_REQUESTS;
    }

    /** The mirror cannot tell, or cannot give what it promised. */
    void onMirrorSilent() {
        if (worker.absences().justHeard(plan.route(), request.uri())) {
            otherwise = RefusalCause.ABSENT;
        } else if (otherwise == RefusalCause.OUTAGE || otherwise == RefusalCause.DIVERTED_READ) {
            otherwise = RefusalCause.UNKNOWN_NAME;
        }
        goOn();
    }
}
