package dev.detour.admin.certificate;

import dev.detour.health.finding.Finding;
import dev.detour.health.inventory.Judgement;
import dev.detour.health.inventory.Served;
import dev.detour.health.inventory.SourceReport;
import java.time.Instant;
import java.util.List;

/** What an instance knows of certificates. Asked on threads of the admin server. */
public interface WatchedCertificates {
    /** What is known of each source. */
    List<SourceReport> sources();

    /** How certificates are judged. */
    Judgement judgement();

    /** Whether what lies on the disk is served. */
    List<Served> served();

    /** Everything that is wrong at {@code at}. */
    List<Finding> findings(Instant at);
}
