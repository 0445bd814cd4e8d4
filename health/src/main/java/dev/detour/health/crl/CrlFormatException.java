package dev.detour.health.crl;

/** Bytes that are not an X.509 CRL; the message is one line and says what is wrong, and at which byte. */
public final class CrlFormatException extends Exception {
    private final long offset;

    CrlFormatException(long offset, String message) {
        super(message);
        this.offset = offset;
    }

    /** Where it is wrong: bytes from the beginning of the DER, or of the text if the PEM itself is wrong. */
    public long offset() {
        return offset;
    }
}
