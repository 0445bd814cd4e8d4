package dev.detour.health.crl;

import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of all watched CRLs. One that cannot be read is kept as it was last read, and said to be so; sizes are written
 * down, so that growth outlives the process.
 *
 * <p>One thread looks; any may ask.
 */
public final class CrlWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CrlWatch.class);

    private final CrlHistory history;
    private final Clock clock;
    private boolean historyFails;
    private volatile List<KnownCrl> known = List.of();

    /** A watch that writes sizes into {@code history}. */
    public CrlWatch(CrlHistory history, Clock clock) {
        this.history = history;
        this.clock = clock;
    }

    /** All CRLs, as they were last looked at. */
    public List<KnownCrl> known() {
        return known;
    }

    /** Looks at each; what is no longer among them is forgotten. */
    public void look(List<WatchedCrl> watched) throws InterruptedException {
        Map<List<String>, KnownCrl> before = new LinkedHashMap<>();
        known.forEach(each -> before.put(List.of(each.source(), each.place()), each));
        List<KnownCrl> now = new ArrayList<>();
        for (WatchedCrl each : watched) {
            CrlSource source = each.source();
            now.add(look(each, before.get(List.of(source.name(), source.place()))));
        }
        known = List.copyOf(now);
    }

    private KnownCrl look(WatchedCrl watched, @Nullable KnownCrl before) throws InterruptedException {
        CrlSource source = watched.source();
        CrlTerms terms = watched.terms().get();
        try {
            CrlFacts facts = source.read(CrlReader.checkedBy(watched.issuers().get()));
            Instant now = clock.instant();
            return new KnownCrl(
                    source.name(),
                    source.place(),
                    facts,
                    now,
                    null,
                    null,
                    isOlder(facts, before),
                    terms,
                    observations(source, facts, before, now),
                    before == null ? 0 : before.errors());
        } catch (CrlFormatException e) {
            return unseen(source, terms, before, SourceProblem.Kind.MALFORMED, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return unseen(source, terms, before, SourceProblem.Kind.UNREADABLE, words(e));
        } catch (RuntimeException e) {
            // a bug of ours must not keep the other lists from being looked at
            LOG.error("looking at {} failed", source.place(), e);
            return unseen(source, terms, before, SourceProblem.Kind.REFUSED, "the look failed: " + e);
        }
    }

    private KnownCrl unseen(
            CrlSource source, CrlTerms terms, @Nullable KnownCrl before, SourceProblem.Kind kind, String found) {
        SourceProblem problem = new SourceProblem(kind, source.place(), found, "an X.509 CRL in DER or PEM");
        Instant since = before == null ? null : before.unseenSince();
        return new KnownCrl(
                source.name(),
                source.place(),
                before == null ? null : before.facts(),
                before == null ? null : before.seen(),
                problem,
                since == null ? clock.instant() : since,
                before != null && before.older(),
                terms,
                before == null ? List.of() : before.observations(),
                1 + (before == null ? 0 : before.errors()));
    }

    private static String words(IOException failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    private static boolean isOlder(CrlFacts facts, @Nullable KnownCrl before) {
        if (before == null || before.facts() == null || facts.number() == null) {
            return false;
        }
        BigInteger last = before.facts().number();
        int order = last == null ? 0 : facts.number().compareTo(last);
        return order < 0 || (order == 0 && before.older());
    }

    /** Without a history that can be read and written, growth is known since the start only. */
    private List<CrlObservation> observations(
            CrlSource source, CrlFacts facts, @Nullable KnownCrl before, Instant now) {
        CrlObservation latest = new CrlObservation(now, facts.bytes(), facts.entries());
        List<CrlObservation> all = new ArrayList<>();
        try {
            history.add(source.place(), facts, now);
            all.addAll(history.of(source.place(), facts.issuer()));
            historyFails = false;
        } catch (IOException e) {
            if (!historyFails) {
                LOG.warn("sizes of CRLs cannot be written down: {}", words(e));
            }
            historyFails = true;
            all.addAll(before == null ? List.of() : before.observations());
        }
        all.add(latest);
        return all;
    }

    /** Everything that is wrong at {@code at}. */
    public List<Finding> findings(Instant at) {
        List<Finding> findings = new ArrayList<>();
        for (KnownCrl each : known) {
            if (each.problem() != null) {
                findings.add(finding(
                        each,
                        Rule.SOURCE_BLIND,
                        Severity.WARNING,
                        each.problem() + " since " + each.unseenSince()
                                + (each.facts() == null ? "" : "; what was read before is kept")));
            }
            if (each.older()) {
                findings.add(finding(
                        each,
                        Rule.CRL_STALE,
                        Severity.WARNING,
                        each.place() + " is older than what was there before: an old copy is served"));
            }
            CrlAssessment assessment = each.assessment(at);
            if (assessment != null) {
                assessment
                        .findings()
                        .forEach(found -> findings.add(finding(
                                each,
                                found.rule(),
                                found.level() == CrlLevel.CRITICAL ? Severity.CRITICAL : Severity.WARNING,
                                each.place() + ": " + found.text())));
            }
        }
        return findings;
    }

    private static Finding finding(KnownCrl crl, Rule rule, Severity severity, String text) {
        return new Finding(rule, severity, crl.source(), crl.place(), text);
    }
}
