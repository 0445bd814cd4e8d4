package dev.detour.testkit.load;

/**
 * What there is at one path.
 *
 * @param contentType the media type
 * @param body the whole body; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record LoadPage(String contentType, byte[] body) {}
