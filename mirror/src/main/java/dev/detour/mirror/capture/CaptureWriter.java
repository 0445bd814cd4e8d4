package dev.detour.mirror.capture;

import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes captured answers into the store, many in one change. Others write there too: if one of them was faster, each answer is
 * judged anew by what is there now. Blocks; for one thread.
 */
final class CaptureWriter {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureWriter.class);
    private static final int TRIES = 3;

    private final MirrorStore store;
    private final CaptureObserver observer;
    private final int decoded;
    private final PageCapture pages;
    private final DocumentCapture documents;

    /** An answer with what is to become of it. */
    private record Judged(CapturedAnswer answer, Decision decision) {
        boolean writes() {
            return decision.write() != null;
        }
    }

    CaptureWriter(MirrorStore store, PageRule rule, CaptureObserver observer, int decoded) {
        this.store = store;
        this.observer = observer;
        this.decoded = decoded;
        this.pages = new PageCapture(store.live(), rule);
        this.documents = new DocumentCapture(store.live());
    }

    /** Deals with every answer, in this order. */
    void write(List<CapturedAnswer> answers) {
        List<CapturedAnswer> together = new ArrayList<>();
        Set<String> projects = new HashSet<>();
        for (CapturedAnswer answer : answers) {
            // what is decided rests on what is in the store: of each project one answer at a time
            if (!projects.add(String.valueOf(projectOf(answer.resource())))) {
                settle(together, 1);
                together.clear();
                projects.clear();
                projects.add(String.valueOf(projectOf(answer.resource())));
            }
            together.add(answer);
        }
        settle(together, 1);
    }

    private void settle(List<CapturedAnswer> answers, int round) {
        List<Judged> judged = new ArrayList<>();
        for (CapturedAnswer answer : answers) {
            judged.add(new Judged(answer, judge(answer)));
        }
        List<Judged> writing = judged.stream().filter(Judged::writes).toList();
        judged.stream().filter(each -> !each.writes()).forEach(this::settled);
        if (writing.isEmpty()) {
            return;
        }
        try {
            if (commit(writing)) {
                writing.forEach(this::settled);
            } else if (round == TRIES) {
                fail(writing, "somebody else wrote the same " + TRIES + " times meanwhile");
            } else {
                // together again they would all fail if one does
                writing.forEach(each -> settle(List.of(each.answer()), round + 1));
            }
        } catch (StoreException | RuntimeException e) {
            LOG.warn("captured answers could not be kept: {}", e.toString());
            fail(writing, e.toString());
        }
    }

    private boolean commit(List<Judged> writing) throws StoreException {
        try (Change change = store.change()) {
            for (Judged each : writing) {
                Decision.Write write = each.decision().write();
                if (write != null) {
                    write.into(change);
                }
            }
            return change.tryCommit();
        }
    }

    private void settled(Judged each) {
        tell(each.answer(), each.decision().outcome(), each.decision().detail());
    }

    private void fail(List<Judged> writing, String why) {
        writing.forEach(each -> tell(each.answer(), CaptureOutcome.FAILED, why));
    }

    private void tell(CapturedAnswer answer, CaptureOutcome outcome, String detail) {
        try {
            observer.onOutcome(answer.resource(), outcome, detail);
        } catch (RuntimeException e) {
            LOG.error("an observer of captured answers failed", e);
        }
    }

    private Decision judge(CapturedAnswer answer) {
        String project = projectOf(answer.resource());
        if (project == null) {
            return Decision.not(CaptureOutcome.INVALID, "no project can have this name");
        }
        try {
            byte[] body = ContentCoding.decode(answer.contentEncoding(), answer.body(), decoded);
            Decision decision = decide(answer, project, body);
            compare(project, decision.sample());
            return decision;
        } catch (PageFormatException e) {
            return Decision.not(CaptureOutcome.INVALID, String.valueOf(e.getMessage()));
        } catch (StoreException | RuntimeException e) {
            LOG.warn("{} could not be judged: {}", answer.resource(), e.toString());
            return Decision.not(CaptureOutcome.FAILED, e.toString());
        } catch (IOException e) {
            return Decision.not(CaptureOutcome.UNREADABLE, String.valueOf(e.getMessage()));
        }
    }

    private Decision decide(CapturedAnswer answer, String project, byte[] body) throws StoreException {
        MirrorResource resource = answer.resource();
        if (resource instanceof MirrorResource.SimpleProject) {
            return pages.decide(answer, project, body);
        }
        if (resource instanceof MirrorResource.JsonProject) {
            return documents.project(answer, project, body);
        }
        if (resource instanceof MirrorResource.JsonRelease release) {
            return documents.release(answer, release, project, body);
        }
        if (resource instanceof MirrorResource.Provenance provenance) {
            return documents.provenance(answer, provenance, project, body);
        }
        return Decision.not(CaptureOutcome.INVALID, "not a thing that is captured");
    }

    private void compare(String project, Decision.@Nullable Sample sample) {
        if (sample != null) {
            observer.onPage(project, sample.stored(), sample.captured(), sample.serial());
        }
    }

    /** The normalised name, or null if it is none, or none is named. */
    static @Nullable String projectOf(MirrorResource resource) {
        String spelled = null;
        if (resource instanceof MirrorResource.SimpleProject page) {
            spelled = page.name();
        } else if (resource instanceof MirrorResource.JsonProject document) {
            spelled = document.name();
        } else if (resource instanceof MirrorResource.JsonRelease release) {
            spelled = release.name();
        } else if (resource instanceof MirrorResource.Provenance provenance) {
            spelled = provenance.name();
        }
        return spelled == null ? null : ProjectName.normalise(spelled);
    }
}
