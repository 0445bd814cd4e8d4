package dev.detour.admin.cache;

import dev.detour.admin.ProblemException;
import dev.detour.admin.RequestFields;
import dev.detour.proxy.cache.Purge;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** The body of a {@code POST /api/v1/cache/purge}, and its checks. */
final class PurgeRequest {
    private static final List<String> FIELDS = List.of("urls", "keys", "all", "hard");
    private static final int MOST = 1_000;
    private static final int LONGEST = 8 * 1024;

    /**
     * What a client can ask for: a fragment never leaves it (RFC 9110 section 4.2.5), and anything but visible ASCII is
     * percent-encoded before (RFC 3986 section 2.1). A purge that can match nothing is not to look like one that was done.
     */
    private static final Pattern URL = Pattern.compile(
            "(?:[hH][tT][tT][pP][sS]?://(?:[A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?(?:[/?][!-\"$-~]*)?)"
                    + "|(?:/[!-\"$-~]*)");

    /** The header that carries keys separates them with spaces. */
    private static final Pattern KEY = Pattern.compile("[!-~]+");

    private static final String A_URL =
            "an http or https URL with a host, or a path that begins with /; percent-encoded, without user or fragment";
    private static final String A_KEY = "visible ASCII characters without spaces";

    private final RequestFields fields;

    PurgeRequest(ObjectNode body) throws ProblemException {
        this.fields = RequestFields.of(body, FIELDS);
    }

    Purge purge() throws ProblemException {
        List<String> urls = checked("urls", URL, A_URL);
        List<String> keys = checked("keys", KEY, A_KEY);
        boolean all = fields.flag("all", false);
        boolean some = !urls.isEmpty() || !keys.isEmpty();
        if (all && some) {
            throw ProblemException.badValue("all", "true", "none together with urls or keys");
        }
        if (!all && !some) {
            throw ProblemException.badValue("urls", "missing", "at least one of urls, keys, all");
        }
        return new Purge(urls, keys, all, fields.flag("hard", false));
    }

    private List<String> checked(String name, Pattern form, String expected) throws ProblemException {
        List<String> values = fields.texts(name, MOST);
        for (int index = 0; index < values.size(); index++) {
            String value = values.get(index);
            if (value.length() > LONGEST) {
                throw ProblemException.badValue(
                        name + "[" + index + "]", value, "at most " + LONGEST + " characters, not " + value.length());
            }
            if (!form.matcher(value).matches()) {
                throw ProblemException.badValue(name + "[" + index + "]", value, expected);
            }
        }
        return values;
    }
}
