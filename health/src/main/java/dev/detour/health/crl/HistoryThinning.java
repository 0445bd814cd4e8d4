package dev.detour.health.crl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is forgotten of a history that has become too large: the past first becomes coarse, then whole CRLs are left out. */
final class HistoryThinning {
    /** The newest of each CRL are kept as they are. */
    private static final int NEWEST = 16;

    private HistoryThinning() {}

    /** Lines of no more than {@code room} characters, in the order given; the last line is among them. */
    static List<HistoryLine> thin(List<HistoryLine> lines, long room) {
        List<HistoryLine> kept = lines;
        while (size(kept) > room && kept.size() > 1) {
            List<HistoryLine> coarser = coarser(kept);
            kept = coarser.size() < kept.size() ? coarser : withoutTheOldest(kept);
        }
        return kept;
    }

    private static long size(List<HistoryLine> lines) {
        return lines.stream().mapToLong(line -> line.text().length()).sum();
    }

    /** Every second line of each CRL, but for its first and its newest. */
    private static List<HistoryLine> coarser(List<HistoryLine> lines) {
        Map<List<String>, Integer> left = new LinkedHashMap<>();
        lines.forEach(line -> left.merge(key(line), 1, Integer::sum));
        Set<List<String>> begun = new HashSet<>();
        List<HistoryLine> kept = new ArrayList<>();
        for (HistoryLine line : lines) {
            int behind = left.merge(key(line), -1, Integer::sum);
            if (begun.add(key(line)) || behind < NEWEST || behind % 2 == 1) {
                kept.add(line);
            }
        }
        return kept;
    }

    /** Without the CRL that has not been seen for the longest time. */
    private static List<HistoryLine> withoutTheOldest(List<HistoryLine> lines) {
        Map<List<String>, HistoryLine> last = new LinkedHashMap<>();
        for (HistoryLine line : lines) {
            last.remove(key(line));
            last.put(key(line), line);
        }
        HistoryLine oldest = last.values().iterator().next();
        List<HistoryLine> kept =
                lines.stream().filter(line -> !line.isOf(oldest)).toList();
        return kept.isEmpty() ? lines.subList(lines.size() / 2, lines.size()) : kept;
    }

    private static List<String> key(HistoryLine line) {
        return List.of(line.source(), line.issuer());
    }
}
