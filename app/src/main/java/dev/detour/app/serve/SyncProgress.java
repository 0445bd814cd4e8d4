package dev.detour.app.serve;

import dev.detour.mirror.sync.Outcome;
import dev.detour.mirror.sync.SyncObserver;
import dev.detour.mirror.sync.SyncReport;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A run as a bar on a terminal. */
final class SyncProgress implements SyncObserver {
    private static final int REFRESH_MILLIS = 250;

    private @Nullable ProgressBar bar;
    private long unsettled;

    @Override
    public synchronized void onStart(long tasks) {
        bar = new ProgressBarBuilder()
                .setTaskName("projects")
                .setInitialMax(tasks)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .showSpeed()
                .build();
    }

    @Override
    public synchronized void onProject(String project, Outcome outcome, String detail) {
        if (bar == null) {
            return;
        }
        if (outcome.isSettled()) {
            bar.step();
        } else {
            unsettled++;
            bar.setExtraMessage(unsettled + " not yet");
        }
    }

    @Override
    public synchronized void onFinish(SyncReport report) {
        if (bar != null) {
            bar.close();
        }
    }
}
