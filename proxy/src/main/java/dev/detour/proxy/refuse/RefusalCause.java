package dev.detour.proxy.refuse;

/** Why a request is refused. */
public enum RefusalCause {
    /** The operator's mode is read-only and the request writes. */
    READ_ONLY("read-only"),
    /** The operator diverts traffic from the backend and the request writes. */
    DIVERTED_WRITE("diverted-write"),
    /** The operator diverts traffic from the backend and no fallback has an answer. */
    DIVERTED_READ("diverted-read"),
    /** The operator took the index offline. */
    OFFLINE("offline"),
    /** The backend failed or its breaker is open, nothing of a write was sent, and no fallback has an answer. */
    OUTAGE("outage"),
    /** The backend is busy with as much as it can take, and no fallback has an answer. */
    OVERLOADED("overloaded"),
    /** This client asks the backend more often than one may, and no fallback has an answer. */
    TOO_MANY_REQUESTS("too-many-requests"),
    /** The backend failed after a write was sent to it, so that nobody knows whether it took effect. */
    OUTCOME_UNKNOWN("outcome-unknown"),
    /** The backend failed and the mirror cannot tell whether the thing exists. */
    UNKNOWN_NAME("unknown-name"),
    /** The thing provably does not exist. */
    ABSENT("absent"),
    /** The client wants nothing that is not in the cache, where it is not. */
    NOT_CACHED("not-cached"),
    /** The method makes no sense on this API, however healthy the index is. */
    METHOD_NOT_ALLOWED("method-not-allowed"),
    /** No route takes the request. */
    NO_ROUTE("no-route");

    private final String label;

    RefusalCause(String label) {
        this.label = label;
    }

    /** The {@code reason} label of metrics, and the {@code reason} member of problem documents. */
    public String label() {
        return label;
    }
}
