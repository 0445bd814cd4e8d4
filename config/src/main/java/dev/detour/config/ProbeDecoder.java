package dev.detour.config;

import dev.detour.config.BackendConfig.Endpoint;
import dev.detour.config.BackendConfig.Probe;
import dev.detour.config.BackendConfig.ProbeKind;
import dev.detour.config.BackendConfig.StatusRange;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the {@code probe} of a backend. */
final class ProbeDecoder {
    private static final Pattern STATUSES = Pattern.compile("([2-5]\\d\\d)(?:-([2-5]\\d\\d))?");
    private static final Notation<StatusRange> STATUS =
            new Notation<>("a status such as 204 or a range such as 300-399, from 200 to 599", ProbeDecoder::statuses);
    private static final String STATUS_LIST = "a list of at least one status or range such as [200, 300-399]";

    /* One line, so that the configuration in force can be written out in one. */
    private static final Notation<String> TEXT = Notation.matching(
            "a text of 1 to 1000 printable characters on one line", "[^\\p{Cc}\\u2028\\u2029]{1,1000}");

    private static final Notation<ProbeKind> KIND = Notation.oneOf(ProbeKind.values(), ProbeKind::label);
    private static final Notation<Integer> COUNT = Notation.number(1, Integer.MAX_VALUE);

    private ProbeDecoder() {}

    /** The probe of the backend, or null if it has none. */
    static @Nullable Probe decode(Section backend, List<Endpoint> endpoints) {
        Section probe = backend.child("probe");
        if (probe == null) {
            return null;
        }
        int before = probe.problems().count();
        ProbeKind kind = probe.get("kind", KIND);
        if (probe.problems().count() == before) {
            checkKind(probe, kind, endpoints);
        }
        String path = probe.find("path", Notation.URL_PATH);
        List<StatusRange> statuses = probe.values("status", STATUS_LIST, STATUS);
        if (probe.isEmpty("status")) {
            probe.problem("status", "an empty list", STATUS_LIST);
        }
        return new Probe(
                kind,
                path == null ? "/" : path,
                statuses,
                probe.find("body", TEXT),
                probe.get("every", Notation.DURATION),
                probe.get("timeout", Notation.DURATION),
                probe.get("up-after", COUNT),
                probe.get("down-after", COUNT));
    }

    private static void checkKind(Section probe, ProbeKind kind, List<Endpoint> endpoints) {
        if (kind == ProbeKind.HTTP) {
            if (!probe.has("path")) {
                probe.missing("path", Notation.URL_PATH.expected() + ", because kind is http");
            }
            return;
        }
        for (String key : List.of("path", "status", "body")) {
            if (probe.has(key)) {
                probe.problem(key, "present", "no " + key + " with kind " + kind.label() + "; only http has an answer");
            }
        }
        boolean clear = !endpoints.isEmpty() && endpoints.stream().noneMatch(Endpoint::secure);
        if (kind == ProbeKind.TLS && clear) {
            probe.problem("kind", Problems.quoted(kind.label()), "tcp or http for http endpoints; tls needs https://");
        }
    }

    private static @Nullable StatusRange statuses(String text) {
        Matcher range = STATUSES.matcher(text);
        if (!range.matches()) {
            return null;
        }
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        return first <= last ? new StatusRange(first, last) : null;
    }
}
