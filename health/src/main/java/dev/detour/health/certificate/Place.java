package dev.detour.health.certificate;

/**
 * Where a certificate was found.
 *
 * @param source the file as it was asked for, or host:port
 * @param entry which one of the source: {@code #2} counted from 1, or the alias of a key store
 */
public record Place(String source, String entry) {
    @Override
    public String toString() {
        return source + " " + entry;
    }
}
