package dev.detour.mirror.answer;

import dev.detour.mirror.MirrorRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client can ask "is mine still this one" with (RFC 9110, 13).
 *
 * @param etag strong, with its quotes
 * @param lastModified in whole seconds, as the header has it
 */
public record Validators(String etag, Instant lastModified) {
    private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[^\"]*\")");

    public Validators {
        lastModified = lastModified.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Whether 304 is the answer: If-None-Match decides where it is sent, If-Modified-Since only without it (13.2.2). */
    public boolean notModified(MirrorRequest request) {
        if (request.ifNoneMatch() != null) {
            return matchesAny(request.ifNoneMatch());
        }
        if (request.ifModifiedSince() == null) {
            return false;
        }
        Instant since = HttpDate.parse(request.ifModifiedSince());
        return since != null && !lastModified.isAfter(since);
    }

    private boolean matchesAny(String tags) {
        if (tags.strip().equals("*")) {
            return true;
        }
        Matcher tag = TAG.matcher(tags);
        while (tag.find()) {
            if (tag.group(1).equals(etag)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a Range applies: the client's part is of this very content (13.1.5, strong comparison). */
    public boolean rangeApplies(MirrorRequest request) {
        String ifRange = request.ifRange();
        if (ifRange == null) {
            return true;
        }
        String condition = ifRange.strip();
        return condition.endsWith("\"") ? condition.equals(etag) : lastModified.equals(HttpDate.parse(condition));
    }
}
