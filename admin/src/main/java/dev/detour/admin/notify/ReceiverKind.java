package dev.detour.admin.notify;

/** What a receiver understands. */
public enum ReceiverKind {
    /** Detour's own JSON, for anything that takes a POST. */
    WEBHOOK,
    /** The API v2 of the Prometheus Alertmanager. */
    ALERTMANAGER
}
