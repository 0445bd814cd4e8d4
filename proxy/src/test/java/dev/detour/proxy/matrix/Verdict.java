package dev.detour.proxy.matrix;

/** What the breaker makes of one request. */
enum Verdict {
    /** No failure. */
    NONE("-"),
    /** One failure: a breaker that opens after two in a row is open after two such requests. */
    COUNTS("counts"),
    /** First a success, when the answer began, and then a failure: a breaker that opens at a half is open at once. */
    COUNTS_AGAIN("counts again");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
