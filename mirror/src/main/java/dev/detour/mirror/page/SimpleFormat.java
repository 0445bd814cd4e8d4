package dev.detour.mirror.page;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A form in which a Simple page can be sent. In the order in which the index prefers them when the client has no preference. */
public enum SimpleFormat {
    /** The HTML form under its oldest name. */
    TEXT_HTML("text/html", null),

    /** The HTML form under its own name. */
    V1_HTML("application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.latest+html"),

    /** The JSON form (PEP 691). */
    V1_JSON("application/vnd.pypi.simple.v1+json", "application/vnd.pypi.simple.latest+json");

    private final String mediaType;
    private final @Nullable String latest;

    SimpleFormat(String mediaType, @Nullable String latest) {
        this.mediaType = mediaType;
        this.latest = latest;
    }

    /** The Content-Type of an answer in this form: bare, without charset, as the index sends it. */
    public String mediaType() {
        return mediaType;
    }

    /** The form that is sent under this type. */
    public static SimpleFormat of(String mediaType) {
        for (SimpleFormat known : values()) {
            if (known.mediaType.equals(mediaType)) {
                return known;
            }
        }
        throw new IllegalArgumentException("no form of a Simple page: " + mediaType);
    }

    /** Whether the answer is the JSON form. */
    public boolean isJson() {
        return this == V1_JSON;
    }

    private boolean isCalled(String type) {
        return mediaType.equals(type) || (latest != null && latest.equals(type));
    }

    /**
     * Chooses the form of an answer (RFC 9110, 12.5.1). Never fails: where nothing matches, HTML is sent, as the index does,
     * since a 406 would end an installation that HTML could have served.
     *
     * @param accept {@code Accept} as sent, or null
     * @param format the {@code format} query parameter, or null; one of the five exact types wins, others are ignored
     */
    public static SimpleFormat negotiate(@Nullable String accept, @Nullable String format) {
        if (format != null) {
            for (SimpleFormat known : values()) {
                if (known.isCalled(format)) {
                    return known;
                }
            }
        }
        if (accept == null) {
            return TEXT_HTML;
        }
        List<MediaRange> ranges = MediaRange.parse(accept);
        SimpleFormat best = TEXT_HTML;
        int bestQuality = 0;
        for (SimpleFormat offered : values()) {
            int quality = offered.quality(ranges);
            if (quality > bestQuality) {
                best = offered;
                bestQuality = quality;
            }
        }
        return best;
    }

    /**
     * Whether a client can read an answer of this type.
     *
     * @param accept {@code Accept} as sent, or null: then it takes anything
     * @param contentType as sent, with parameters or without; one that is no form of a Simple page is never accepted
     */
    public static boolean accepts(@Nullable String accept, String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
        for (SimpleFormat known : values()) {
            if (known.isCalled(type)) {
                return accept == null || known.quality(MediaRange.parse(accept)) > 0;
            }
        }
        return false;
    }

    /** In thousandths; the most specific range decides, whatever its quality. */
    private int quality(List<MediaRange> ranges) {
        int specificity = -1;
        int quality = 0;
        for (MediaRange range : ranges) {
            int matched = specificity(range);
            if (matched > specificity || (matched >= 0 && matched == specificity && range.quality() > quality)) {
                specificity = matched;
                quality = range.quality();
            }
        }
        return quality;
    }

    private int specificity(MediaRange range) {
        if (range.type().equals("*/*")) {
            return 0;
        }
        if (range.type().endsWith("/*")) {
            return mediaType.startsWith(range.type().substring(0, range.type().length() - 1)) ? 1 : -1;
        }
        return isCalled(range.type()) ? 2 : -1;
    }
}
