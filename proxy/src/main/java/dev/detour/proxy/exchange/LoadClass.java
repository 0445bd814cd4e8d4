package dev.detour.proxy.exchange;

import dev.detour.config.ApiClass;

/**
 * How early a request is turned away from a busy backend. Pages for people go before data for tools, and those before what
 * an installation or an upload needs; what is not classified is never turned away, nor is the index's own health check. In the
 * order in which those who wait are served.
 */
enum LoadClass {
    EXEMPT(Double.POSITIVE_INFINITY),
    ESSENTIAL(1.0),
    DATA(0.85),
    PAGES(0.7);

    private final double share;

    LoadClass(double share) {
        this.share = share;
    }

    static LoadClass of(ApiClass api) {
        return switch (api) {
            case SIMPLE, FILE, UPLOAD, OIDC -> ESSENTIAL;
            case JSON, XMLRPC -> DATA;
            case WEB -> PAGES;
            case OTHER -> EXEMPT;
        };
    }

    /** The share of the backend's limit that may be in use when such a request comes. */
    double share() {
        return share;
    }
}
