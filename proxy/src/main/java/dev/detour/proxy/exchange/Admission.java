package dev.detour.proxy.exchange;

import dev.detour.health.breaker.Permit;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.loop.Sweep;
import dev.detour.proxy.loop.Timed;
import org.jspecify.annotations.Nullable;

/**
 * What one request is let in with: a permit of the backend's breaker, which gets one verdict, and a place within the backend's
 * limit, which is given back. Both happen exactly once.
 *
 * <p><b>Bodies on their way.</b> As long as the client still sends, it decides how long the request takes, not the backend. So
 * such a request has no place within the limit, or a few slow clients would keep everyone else out; how many there may be is
 * limited on its own. Nor does a trial of the breaker wait for the client: after {@code slow-call} another request may have it.
 */
final class Admission implements Timed {
    private final Worker worker;
    private final Backend backend;
    private final LoadClass load;
    private final RequestBody body;
    /** Whether the time it takes says how busy the backend is: a write may take as long as it likes. */
    private final boolean measured;

    private Permit permit = Permit.REFUSED;
    private boolean owesVerdict;
    private boolean trialGivenBack;
    private boolean hasPlace;
    private boolean sending;
    private long began;
    private Sweep.@Nullable Registration trialLimit;

    Admission(Worker worker, Backend backend, LoadClass load, RequestBody body, boolean safe) {
        this.worker = worker;
        this.backend = backend;
        this.load = load;
        this.body = body;
        this.measured = safe && !body.present();
    }

    /** Asks the breaker; false if the backend must not be asked. */
    boolean permitted() {
        permit = backend.breaker().acquire();
        owesVerdict = permit.granted();
        return owesVerdict;
    }

    /** Whether the outcome helps to decide if traffic returns. */
    boolean isTrial() {
        return permit.isTrial();
    }

    /** Takes a place within the limit, or shows that there would be one for a body on its way; false if there is none now. */
    boolean takePlace() {
        if (load == LoadClass.EXEMPT) {
            return true;
        }
        if (!body.complete()) {
            return backend.limit().hasRoom(load.share());
        }
        hasPlace = backend.limit().tryAcquire(load.share());
        return hasPlace;
    }

    /** The request begins to be sent; false if too many bodies are on their way already. */
    boolean begin(long now) {
        began = now;
        if (body.complete()) {
            return true;
        }
        sending = backend.tryBeginBody();
        if (sending && isTrial()) {
            trialLimit = worker.attemptSweep().add(this);
        }
        return sending;
    }

    /** The client has sent everything: from now on it is the backend that works. */
    void bodyComplete() {
        if (sending) {
            sending = false;
            backend.endBody();
            if (load != LoadClass.EXEMPT) {
                backend.limit().acquire();
                hasPlace = true;
            }
            endTrialLimit();
        }
    }

    @Override
    public void onTick(long nowNanos) {
        if (nowNanos - began >= backend.config().breaker().slowCall().toNanos()) {
            endTrialLimit();
            trialGivenBack = true;
            noVerdict();
        }
    }

    /** The place taken is of no use after all: that makes no room for anyone who waits. */
    void unplace() {
        if (hasPlace) {
            hasPlace = false;
            backend.limit().release();
        }
    }

    /** The backend did its work, which took from {@code since} to {@code now}. */
    void succeeded(long since, long now) {
        if (owesVerdict) {
            owesVerdict = false;
            backend.breaker().succeeded(permit, now - since);
            if (measured && hasPlace) {
                backend.limit().sample(since, now - since);
            }
        }
        // a client that reads slowly is no work for the backend
        leave();
    }

    /** The backend failed, perhaps after it had been counted as answering: that is a second verdict, with its own permit. */
    void failed(Failure failure, long since, long now) {
        if (owesVerdict) {
            owesVerdict = false;
            backend.breaker().failed(permit, now - since, failure);
            if (measured && hasPlace && failure.kind() == FailureKind.FIRST_BYTE_TIMEOUT) {
                backend.limit().dropped(since, now - since);
            }
        } else if (!trialGivenBack) {
            Permit second = backend.breaker().acquire();
            if (second.granted()) {
                backend.breaker().failed(second, now - since, failure);
            }
        }
        leave();
    }

    /** Nothing was learnt about the backend. */
    void undecided() {
        noVerdict();
        leave();
    }

    private void leave() {
        endTrialLimit();
        if (sending) {
            sending = false;
            backend.endBody();
        }
        if (hasPlace) {
            unplace();
            worker.waitingRoom(backend).roomMade();
        }
    }

    private void noVerdict() {
        if (owesVerdict) {
            owesVerdict = false;
            backend.breaker().release(permit);
        }
    }

    private void endTrialLimit() {
        if (trialLimit != null) {
            trialLimit.cancel();
            trialLimit = null;
        }
    }
}
