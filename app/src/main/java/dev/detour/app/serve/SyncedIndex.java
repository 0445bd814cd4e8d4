package dev.detour.app.serve;

import dev.detour.mirror.audit.IndexPages;
import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.HtmlPage;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectPage;
import dev.detour.mirror.sync.IndexAnswer;
import dev.detour.mirror.sync.IndexClient;
import java.util.OptionalLong;

/** The index as the audit asks it: through the client of the sync, at its pace. */
final class SyncedIndex implements IndexPages {
    private final IndexClient index;

    SyncedIndex(IndexClient index) {
        this.index = index;
    }

    @Override
    public Answer page(String project) {
        try {
            return translate(project, index.project(project, null));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Failed("interrupted");
        }
    }

    private Answer translate(String project, IndexAnswer answer) {
        if (answer instanceof IndexAnswer.Gone) {
            return new Answer.Gone();
        }
        if (!(answer instanceof IndexAnswer.Found found)) {
            return new Answer.Failed(answer instanceof IndexAnswer.Failed failed ? failed.detail() : "304");
        }
        try {
            ProjectPage page = new ProjectPage(
                    found.contentType().endsWith("json")
                            ? CanonicalJson.readObject(found.body())
                            : HtmlPage.read(found.body(), project, index.resolve("simple/" + project + "/")));
            OptionalLong serial = page.serial();
            return new Answer.Page(
                    page.json(),
                    serial.isPresent() || found.lastSerial() < 0 ? serial : OptionalLong.of(found.lastSerial()),
                    found.etag());
        } catch (PageFormatException e) {
            return new Answer.Failed(project + ": " + e.getMessage());
        }
    }
}
