package dev.detour.health.crl;

import java.io.IOException;

/** Where DER comes from: a stream as it is, or the text of a PEM. */
interface ByteSource {
    /** As {@link java.io.InputStream#read(byte[], int, int)}. */
    int read(byte[] target, int from, int length) throws IOException, CrlFormatException;
}
