package dev.detour.proxy.route;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A place in the tree of all path templates: everything that follows the same beginning.
 *
 * <p>A path can fit several branches (a literal, a variable, {@code **}), and the route that comes first in the list wins,
 * not the most literal one. The search therefore visits every branch that fits and keeps the smallest index; a branch whose
 * smallest index is not better than what was found is skipped. It recurses once per segment of a template, never of a path.
 */
final class PathNode {
    private final Rule[] ending;
    private final Rule[] open;
    private final @Nullable PathNode variable;
    private final String[] texts;
    private final PathNode[] nodes;
    private final int first;

    private PathNode(Builder builder) {
        this.ending = builder.ending.toArray(Rule[]::new);
        this.open = builder.open.toArray(Rule[]::new);
        this.variable = builder.variable == null ? null : new PathNode(builder.variable);
        int size = Math.max(2, Integer.highestOneBit(builder.literals.size()) * 4);
        this.texts = new String[size];
        this.nodes = new PathNode[size];
        int least = Math.min(firstOf(ending), firstOf(open));
        least = variable == null ? least : Math.min(least, variable.first);
        for (Map.Entry<String, Builder> literal : builder.literals.entrySet()) {
            PathNode node = new PathNode(literal.getValue());
            put(literal.getKey(), node);
            least = Math.min(least, node.first);
        }
        this.first = least;
    }

    /** Compiles the templates of routes in the order of the list. */
    static PathNode compile(List<Route> routes) {
        Builder root = new Builder();
        for (Route route : routes) {
            Builder node = root;
            for (Template.Segment segment : route.template().segments()) {
                node = node.child(segment);
            }
            (route.template().rest() ? node.open : node.ending).add(new Rule(route));
        }
        return new PathNode(root);
    }

    /**
     * The rule with the smallest index that takes the request, or {@code best} if none has a smaller one.
     *
     * @param start where the next segment of {@code target} begins, after its slash
     * @param end where the path ends
     */
    @Nullable Rule find(
            String target,
            int start,
            int end,
            HttpMethod method,
            int methodBit,
            @Nullable CharSequence host,
            HttpHeaders headers,
            @Nullable Rule best) {
        long scanned = scan(target, start, end);
        int stop = (int) (scanned >>> 32);
        Rule found = best;
        PathNode literal = literal((int) scanned, target, start, stop);
        if (literal != null && isBefore(literal.first, found)) {
            found = stop == end
                    ? pick(literal.ending, target, end, method, methodBit, host, headers, found)
                    : literal.find(target, stop + 1, end, method, methodBit, host, headers, found);
        }
        if (variable != null && stop > start && isBefore(variable.first, found)) {
            found = stop == end
                    ? pick(variable.ending, target, end, method, methodBit, host, headers, found)
                    : variable.find(target, stop + 1, end, method, methodBit, host, headers, found);
        }
        return pick(open, target, end, method, methodBit, host, headers, found);
    }

    private static @Nullable Rule pick(
            Rule[] rules,
            String target,
            int end,
            HttpMethod method,
            int methodBit,
            @Nullable CharSequence host,
            HttpHeaders headers,
            @Nullable Rule best) {
        for (int i = 0; i < rules.length && isBefore(rules[i].index(), best); i++) {
            if (rules[i].takes(method, methodBit, host, target, end, headers)) {
                return rules[i];
            }
        }
        return best;
    }

    private static boolean isBefore(int index, @Nullable Rule best) {
        return best == null || index < best.index();
    }

    /** The end of the segment in the upper half, and in the lower one what {@link String#hashCode} gives for its canonical units. */
    private static long scan(String target, int start, int end) {
        int hash = 0;
        int at = start;
        while (at < end) {
            char c = target.charAt(at);
            if (c == '/') {
                break;
            }
            int octet = c == '%' ? Percent.octet(target, at, end) : -1;
            hash = 31 * hash + (octet < 0 ? Percent.unit(c) : Percent.unit(octet));
            at += octet < 0 ? 1 : 3;
        }
        return (long) at << 32 | (hash & 0xffffffffL);
    }

    private @Nullable PathNode literal(int hash, String target, int start, int stop) {
        int slot = slot(hash);
        while (texts[slot] != null) {
            if (texts[slot].hashCode() == hash && isSame(texts[slot], target, start, stop)) {
                return nodes[slot];
            }
            slot = (slot + 1) & (texts.length - 1);
        }
        return null;
    }

    private static boolean isSame(String units, String target, int start, int stop) {
        int at = start;
        for (int i = 0; i < units.length(); i++) {
            if (at >= stop) {
                return false;
            }
            char c = target.charAt(at);
            int octet = c == '%' ? Percent.octet(target, at, stop) : -1;
            if (units.charAt(i) != (octet < 0 ? Percent.unit(c) : Percent.unit(octet))) {
                return false;
            }
            at += octet < 0 ? 1 : 3;
        }
        return at == stop;
    }

    private void put(String text, PathNode node) {
        int slot = slot(text.hashCode());
        while (texts[slot] != null) {
            slot = (slot + 1) & (texts.length - 1);
        }
        texts[slot] = text;
        nodes[slot] = node;
    }

    private int slot(int hash) {
        return (hash ^ (hash >>> 16)) & (texts.length - 1);
    }

    private static int firstOf(Rule[] rules) {
        return rules.length == 0 ? Integer.MAX_VALUE : rules[0].index();
    }

    /** A node that still grows. */
    private static final class Builder {
        private final List<Rule> ending = new ArrayList<>();
        private final List<Rule> open = new ArrayList<>();
        private final Map<String, Builder> literals = new TreeMap<>();
        private @Nullable Builder variable;

        private Builder child(Template.Segment segment) {
            if (!segment.variable()) {
                return literals.computeIfAbsent(segment.text(), text -> new Builder());
            }
            if (variable == null) {
                variable = new Builder();
            }
            return variable;
        }
    }
}
