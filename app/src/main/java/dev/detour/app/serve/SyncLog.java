package dev.detour.app.serve;

import dev.detour.mirror.sync.Outcome;
import dev.detour.mirror.sync.SyncObserver;
import dev.detour.mirror.sync.SyncReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log lines of one mirror's runs: each project that could not be copied by name, and each run that did something. */
final class SyncLog implements SyncObserver {
    private static final Logger LOG = LoggerFactory.getLogger(SyncLog.class);

    private final String mirror;
    private boolean troubled;

    SyncLog(String mirror) {
        this.mirror = mirror;
    }

    @Override
    public void onProject(String project, Outcome outcome, String detail) {
        if (!outcome.isSettled()) {
            LOG.warn("mirror {}: {} is {}: {}", mirror, project, outcome.label(), detail);
        } else if (outcome == Outcome.REMOVED) {
            LOG.info("mirror {}: {} is removed, as it is from the index", mirror, project);
        }
    }

    @Override
    public void onFinish(SyncReport report) {
        if (report.problem() != null) {
            LOG.warn("mirror {}: {}", mirror, report.text());
        } else if (!report.outcomes().isEmpty() || troubled) {
            LOG.info("mirror {}: {}", mirror, report.text());
        }
        troubled = report.problem() != null;
    }
}
