package dev.detour.mirror.page;

/** A stored page that is not what the Simple API specification says; the message names the field, the value and the expectation. */
public final class PageFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PageFormatException(String message) {
        super(message);
    }

    PageFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
