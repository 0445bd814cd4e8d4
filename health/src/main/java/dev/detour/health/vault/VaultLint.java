package dev.detour.health.vault;

import dev.detour.health.certificate.CertificateFacts;
import dev.detour.health.crl.CrlFacts;
import dev.detour.health.crl.CrlLimit;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with how a mount is set, long before its CRL outgrows its store: most of Vault's defaults are.
 *
 * <p>Its own guard, {@code max_crl_entries}, is 100,000 by default, which is 3.9 MB, while Consul takes 512 KiB; the CRL is made
 * again only on revocations, and goes stale without any; and nothing is tidied.
 */
final class VaultLint {
    private static final Duration TIDY_LATE = Duration.ofDays(2);
    private static final Duration TIDY_CRITICAL = Duration.ofDays(7);
    private static final Duration TIDY_LONG = Duration.ofDays(1);

    private final String name;
    private final String mount;
    private final CrlLimit limit;
    private final List<Finding> findings = new ArrayList<>();

    private VaultLint(String name, String mount, CrlLimit limit) {
        this.name = name;
        this.mount = mount;
        this.limit = limit;
    }

    static List<Finding> of(VaultSettings settings, VaultState state, Instant at) {
        VaultLint lint = new VaultLint(settings.name(), settings.mount(), settings.limit());
        lint.guard(state.maxCrlEntries());
        lint.crl(state);
        lint.tidying(state);
        lint.runs(state, at);
        return List.copyOf(lint.findings);
    }

    private void guard(@Nullable Long most) {
        if (most == null) {
            return;
        }
        double bytes = most * CrlFacts.USUAL_ENTRY;
        if (most < 0) {
            setting(
                    "max_crl_entries",
                    "is off",
                    "at most " + fits() + ": nothing keeps the CRL within " + limit.name());
        } else if (bytes > limit.bytes()) {
            setting(
                    "max_crl_entries",
                    "is " + most,
                    "at most " + fits() + ": " + most + " entries are " + (long) bytes + " bytes, and " + limit.name()
                            + " takes " + limit.bytes());
        }
    }

    private long fits() {
        return (long) (limit.bytes() / CrlFacts.USUAL_ENTRY);
    }

    private void crl(VaultState state) {
        if (Boolean.TRUE.equals(state.crlDisabled())) {
            setting("disable", "is true", "false: revocations are not published");
        }
        boolean rebuilt = Boolean.TRUE.equals(state.autoRebuild());
        if (Boolean.FALSE.equals(state.autoRebuild())) {
            setting(
                    "auto_rebuild",
                    "is false",
                    "true: the CRL is made at each revocation, and without any it goes stale after "
                            + (state.crlExpiry() == null
                                    ? "its time"
                                    : state.crlExpiry().toHours() + " h"));
        }
        if (Boolean.TRUE.equals(state.delta()) && !rebuilt) {
            setting("enable_delta", "is true", "auto_rebuild to be true as well: deltas need it");
        }
    }

    private void tidying(VaultState state) {
        if (Boolean.FALSE.equals(state.autoTidy())) {
            setting("enabled (auto-tidy)", "is false", "true: the CRL keeps every certificate that was ever revoked");
            return;
        }
        if (Boolean.FALSE.equals(state.tidyRevoked())) {
            setting(
                    "tidy_revoked_certs",
                    "is false",
                    "true: entries stay in the CRL after their certificates have ended");
        }
        if (state.tidyState() != null && state.stored() == null) {
            setting(
                    "maintain_stored_certificate_counts",
                    "is false",
                    "true: without the number of certificates nobody can tell how large the CRL would be if all were revoked");
        }
        if (Boolean.FALSE.equals(state.tidyStore())) {
            setting(
                    "tidy_cert_store",
                    "is false",
                    "true: expired certificates stay in the store, and make tidying slow");
        }
    }

    private void setting(String setting, String value, String expected) {
        findings.add(new Finding(
                Rule.VAULT_SETTINGS,
                Severity.WARNING,
                name,
                mount + " " + setting,
                "mount " + mount + ": " + setting + " " + value + " (expected: " + expected + ")"));
    }

    private void runs(VaultState state, Instant at) {
        if (state.tidyError() != null) {
            tidy(
                    Severity.WARNING,
                    "error",
                    "the last tidying has failed: " + CertificateFacts.printable(state.tidyError()));
        }
        boolean running = "Running".equals(state.tidyState());
        if (running && state.tidyStarted() != null) {
            Duration since = Duration.between(state.tidyStarted(), at);
            if (since.compareTo(TIDY_LONG) > 0) {
                tidy(Severity.WARNING, "slow", "tidying has been running for " + since.toHours() + " h");
            }
        }
        if (Boolean.TRUE.equals(state.autoTidy()) && state.tidied() != null) {
            Duration since = Duration.between(state.tidied(), at);
            if (since.compareTo(TIDY_LATE) > 0) {
                tidy(
                        since.compareTo(TIDY_CRITICAL) > 0 ? Severity.CRITICAL : Severity.WARNING,
                        "late",
                        "tidying has last finished " + since.toDays() + " d ago, on " + state.tidied());
            }
        }
    }

    private void tidy(Severity severity, String what, String text) {
        findings.add(new Finding(Rule.VAULT_TIDY, severity, name, mount + " " + what, "mount " + mount + ": " + text));
    }
}
