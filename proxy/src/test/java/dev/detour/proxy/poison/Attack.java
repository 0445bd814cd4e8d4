package dev.detour.proxy.poison;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A request meant to change what others get.
 *
 * @param name for the report
 * @param statuses what may be answered to the attacker; empty for anything that is a whole answer
 * @param bytes the whole request, made from the path under attack; read as ISO-8859-1
 * @param victimQuery what others have behind the path, with its question mark
 * @param victimHeaders what others send beside the usual
 */
record Attack(
        String name,
        List<Integer> statuses,
        UnaryOperator<String> bytes,
        String victimQuery,
        List<String> victimHeaders) {

    /** A GET of the path itself with these further header lines. */
    static Attack headers(String name, List<Integer> statuses, String... lines) {
        return new Attack(name, statuses, path -> get(path, lines), "", List.of());
    }

    /** A GET of what is made of the path. */
    static Attack target(String name, List<Integer> statuses, UnaryOperator<String> target) {
        return new Attack(name, statuses, path -> get(target.apply(path)), "", List.of());
    }

    /** Any bytes. */
    static Attack raw(String name, List<Integer> statuses, UnaryOperator<String> bytes) {
        return new Attack(name, statuses, bytes, "", List.of());
    }

    /** The same on those who ask with this query. */
    Attack onQuery(String query) {
        return new Attack(name, statuses, bytes, query, victimHeaders);
    }

    /** The same on those who send this as well. */
    Attack onThoseWith(String... lines) {
        return new Attack(name, statuses, bytes, victimQuery, List.of(lines));
    }

    private static String get(String target, String... lines) {
        return head("GET " + target, "localhost", lines);
    }

    /** A head with its empty line. */
    static String head(String methodAndTarget, String host, String... lines) {
        String fields = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
        return methodAndTarget + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n";
    }

    @Override
    public String toString() {
        return name;
    }
}
