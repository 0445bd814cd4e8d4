package dev.detour.app.serve;

import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.audit.Auditor;
import dev.detour.mirror.capture.CaptureObserver;
import dev.detour.mirror.capture.CaptureOutcome;
import dev.detour.mirror.store.StoreException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the audit the pages that clients get, so that what is asked for most is compared most. */
final class CaptureAudit implements CaptureObserver {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureAudit.class);

    private final @Nullable Auditor auditor;
    private final CaptureObserver next;

    CaptureAudit(@Nullable Auditor auditor, CaptureObserver next) {
        this.auditor = auditor;
        this.next = next;
    }

    @Override
    public void onOutcome(MirrorResource resource, CaptureOutcome outcome, String detail) {
        next.onOutcome(resource, outcome, detail);
    }

    @Override
    public void onPage(String project, byte @Nullable [] stored, byte[] captured, OptionalLong serial) {
        if (auditor == null) {
            return;
        }
        try {
            auditor.observe(project, captured, serial);
        } catch (StoreException e) {
            LOG.warn("{} cannot be compared: {}", project, e.getMessage());
        }
    }
}
