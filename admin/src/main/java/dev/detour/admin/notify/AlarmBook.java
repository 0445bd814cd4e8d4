package dev.detour.admin.notify;

import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which alarms there are and what each receiver knows of them: decides who is to be told what, and does nothing else.
 *
 * <p>Nothing is queued. What is due follows from what is and from what a receiver has accepted, so that a receiver that was
 * away for a day is told what is now, and not what has been. A receiver that takes a message and fails before its answer
 * arrives is told again. For one thread at a time.
 */
final class AlarmBook {
    static final int MOST = 10_000;
    private static final String OVERFLOW = "too_many_alarms";
    private static final Comparator<Notice> WORST_FIRST = Comparator.comparing(Notice::firing)
            .thenComparing(notice -> notice.alarm().severity())
            .reversed()
            .thenComparing(notice -> notice.alarm().since());

    private final Map<String, Audience> audiences = new LinkedHashMap<>();
    private final Duration settle;
    private final int most;
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private boolean changed;

    /** An empty book. What is gone is told only after {@code settle}, so that flapping is not told. */
    AlarmBook(List<Audience> audiences, Duration settle) {
        this(audiences, settle, MOST);
    }

    AlarmBook(List<Audience> audiences, Duration settle, int most) {
        audiences.forEach(audience -> this.audiences.put(audience.name(), audience));
        this.settle = settle;
        this.most = most;
    }

    /** An alarm and, by receiver, what was told of it. */
    record Entry(Alarm alarm, Map<String, Told> told) {}

    private static final class Kept {
        private final Map<String, Told> told = new HashMap<>();
        private Alarm alarm;

        Kept(Alarm alarm) {
            this.alarm = alarm;
        }

        boolean isWantedBy(Audience audience) {
            return alarm.gone() == null && alarm.severity().compareTo(audience.least()) >= 0;
        }
    }

    /** Everything worth keeping over a restart. */
    List<Entry> entries() {
        return kept.values().stream()
                .map(each -> new Entry(each.alarm, Map.copyOf(each.told)))
                .toList();
    }

    /** Takes over what was kept; what receivers were told that are not there any more is forgotten. */
    void restore(List<Entry> entries) {
        for (Entry entry : entries) {
            Kept each = new Kept(entry.alarm());
            each.told.putAll(entry.told());
            each.told.keySet().retainAll(audiences.keySet());
            kept.put(entry.alarm().key(), each);
        }
    }

    /** Whether anything has changed since this was last asked. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** All that is found now, seen at {@code at}; what is not among it is gone. */
    void update(Collection<Finding> now, Instant at) {
        Map<String, Finding> found = worstByKey(now);
        kept.values().forEach(each -> {
            if (!found.containsKey(each.alarm.key()) && each.alarm.gone() == null && !isOverflow(each.alarm)) {
                each.alarm = each.alarm.gone(at);
                changed = true;
            }
        });
        settled(at);
        admit(found, at);
        kept.values().forEach(each -> mark(each, at));
    }

    private static Map<String, Finding> worstByKey(Collection<Finding> now) {
        Map<String, Finding> worst = new LinkedHashMap<>();
        // the worst come first, so that they have room if there is not room for all
        now.stream()
                .sorted(Comparator.comparing(Finding::severity).reversed())
                .forEach(finding -> worst.putIfAbsent(finding.key(), finding));
        return worst;
    }

    private void admit(Map<String, Finding> found, Instant at) {
        int left = most - kept.size() + (kept.containsKey(overflowKey()) ? 1 : 0);
        int over = 0;
        Severity worst = Severity.INFO;
        for (Finding finding : found.values()) {
            Kept known = kept.get(finding.key());
            if (known == null && left <= 0) {
                over++;
                worst = worst.compareTo(finding.severity()) >= 0 ? worst : finding.severity();
            } else if (known == null) {
                left--;
                put(Alarm.of(finding, at));
            } else {
                put(Alarm.of(finding, isOver(known.alarm.gone(), at) ? at : known.alarm.since()));
            }
        }
        overflow(over, worst, at);
    }

    private void put(Alarm alarm) {
        Kept known = kept.get(alarm.key());
        if (known == null) {
            kept.put(alarm.key(), new Kept(alarm));
            changed = true;
        } else if (!known.alarm.equals(alarm)) {
            known.alarm = alarm;
            changed = true;
        }
    }

    private void overflow(int over, Severity worst, Instant at) {
        Kept known = kept.get(overflowKey());
        if (over > 0) {
            Instant since = known == null || isOver(known.alarm.gone(), at) ? at : known.alarm.since();
            String text = over + " more alarms than the " + most + " that are kept; they are told when there is room";
            put(new Alarm(overflowKey(), OVERFLOW, worst, "detour", "", text, since, null));
        } else if (known != null && known.alarm.gone() == null) {
            put(known.alarm.gone(at));
        }
    }

    private static String overflowKey() {
        return OVERFLOW + "|detour|";
    }

    private static boolean isOverflow(Alarm alarm) {
        return alarm.key().equals(overflowKey());
    }

    /** Makes what each receiver believes follow what is. */
    private void mark(Kept each, Instant at) {
        each.told.replaceAll((name, told) -> {
            Audience audience = audiences.get(name);
            boolean wanted = audience != null && each.isWantedBy(audience);
            if (wanted == (told.gone() == null)) {
                return told;
            }
            changed = true;
            return told.gone(wanted ? null : at);
        });
    }

    /** Forgets what is over and known to be over. */
    private void settled(Instant at) {
        changed |= kept.values().removeIf(each -> each.told.isEmpty() && isOver(each.alarm.gone(), at));
    }

    private boolean isOver(@Nullable Instant gone, Instant at) {
        return gone != null && !at.isBefore(gone.plus(settle));
    }

    /** What a receiver is to be told at {@code at}: what lasts before what is over, the worst first. */
    List<Notice> due(String receiver, Instant at) {
        Audience audience = audiences.get(receiver);
        if (audience == null) {
            throw new IllegalArgumentException(
                    "receiver: " + receiver + " (expected: one of " + audiences.keySet() + ")");
        }
        List<Notice> due = new ArrayList<>();
        for (Kept each : kept.values()) {
            Notice notice = notice(each, audience, at);
            if (notice != null) {
                due.add(notice);
            }
        }
        due.sort(WORST_FIRST);
        return due;
    }

    private @Nullable Notice notice(Kept each, Audience audience, Instant at) {
        Alarm alarm = each.alarm;
        Told told = each.told.get(audience.name());
        if (told == null) {
            return each.isWantedBy(audience) ? new Notice(alarm, null, null) : null;
        }
        if (told.gone() != null) {
            return isOver(told.gone(), at) ? new Notice(alarm.with(told.severity()), told.gone(), null) : null;
        }
        boolean raised = alarm.severity().compareTo(told.severity()) > 0;
        // told in the future: the clock was set back, and waiting for it to catch up may take for ever
        boolean again = at.isBefore(told.at()) || !at.isBefore(told.at().plus(audience.repeat()));
        Severity before = alarm.severity() == told.severity() ? null : told.severity();
        return raised || again ? new Notice(alarm, null, before) : null;
    }

    /** A receiver has accepted what was due at {@code at}. */
    void told(String receiver, List<Notice> notices, Instant at) {
        Audience audience = audiences.get(receiver);
        if (audience == null) {
            return;
        }
        for (Notice notice : notices) {
            if (notice.firing()) {
                toldFiring(audience, notice.alarm(), at);
            } else {
                toldResolved(receiver, notice.alarm().key());
            }
        }
        changed |= !notices.isEmpty();
    }

    private void toldFiring(Audience audience, Alarm alarm, Instant at) {
        // while the message was on its way the alarm may have ended and been forgotten: its end is still to be told
        Kept each = kept.computeIfAbsent(alarm.key(), key -> new Kept(alarm.gone(at)));
        Instant gone = each.isWantedBy(audience) ? null : at;
        each.told.put(audience.name(), new Told(alarm.severity(), at, gone));
    }

    private void toldResolved(String receiver, String key) {
        Kept each = kept.get(key);
        if (each != null) {
            each.told.remove(receiver);
        }
    }
}
