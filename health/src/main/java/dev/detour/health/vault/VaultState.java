package dev.detour.health.vault;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a mount is set and when it was tidied last. What a version of Vault does not have, or a token may not see, is null.
 *
 * @param crlDisabled whether no CRL is made at all
 * @param crlExpiry how long a CRL is valid
 * @param autoRebuild whether the CRL is made again before it ends
 * @param delta whether delta CRLs are made
 * @param maxCrlEntries above which no certificate is revoked any more; -1 for no such guard
 * @param autoTidy whether expired certificates are tidied away by themselves
 * @param tidyInterval how often
 * @param tidyStore whether tidying takes certificates
 * @param tidyRevoked whether it takes entries of the CRL
 * @param safetyBuffer how long after their end
 * @param tidyState of the last run, such as {@code Finished}, {@code Running} or {@code Error}
 * @param tidyStarted when the last run began
 * @param tidied when a run was last finished
 * @param tidyError why the last one failed
 * @param stored certificates that Vault keeps
 * @param revoked how many of them are revoked
 */
public record VaultState(
        @Nullable Boolean crlDisabled,
        @Nullable Duration crlExpiry,
        @Nullable Boolean autoRebuild,
        @Nullable Boolean delta,
        @Nullable Long maxCrlEntries,
        @Nullable Boolean autoTidy,
        @Nullable Duration tidyInterval,
        @Nullable Boolean tidyStore,
        @Nullable Boolean tidyRevoked,
        @Nullable Duration safetyBuffer,
        @Nullable String tidyState,
        @Nullable Instant tidyStarted,
        @Nullable Instant tidied,
        @Nullable String tidyError,
        @Nullable Long stored,
        @Nullable Long revoked) {

    /** The state that three answers of Vault's tell, each of which may be missing. */
    static VaultState of(JsonNode crl, JsonNode autoTidy, JsonNode status) {
        Instant finished = instant(status.path("last_auto_tidy_finished"));
        return new VaultState(
                flag(crl.path("disable")),
                duration(crl.path("expiry")),
                flag(crl.path("auto_rebuild")),
                flag(crl.path("enable_delta")),
                number(crl.path("max_crl_entries")),
                flag(autoTidy.path("enabled")),
                duration(autoTidy.path("interval_duration")),
                flag(autoTidy.path("tidy_cert_store")),
                flag(autoTidy.path("tidy_revoked_certs")),
                duration(autoTidy.path("safety_buffer")),
                text(status.path("state")),
                instant(status.path("time_started")),
                finished == null ? instant(status.path("time_finished")) : finished,
                text(status.path("error")),
                number(status.path("current_cert_store_count")),
                number(status.path("current_revoked_cert_count")));
    }

    /** Certificates that are kept and not revoked; null if that was not told. Expired ones may be among them. */
    public @Nullable Long live() {
        if (stored == null) {
            return null;
        }
        return Math.max(0, stored - (revoked == null ? 0 : revoked));
    }

    private static @Nullable Boolean flag(JsonNode node) {
        return node.isBoolean() ? Boolean.valueOf(node.booleanValue()) : null;
    }

    private static @Nullable Long number(JsonNode node) {
        return node.isIntegralNumber() ? Long.valueOf(node.longValue()) : null;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() && !node.stringValue().isBlank() ? node.stringValue() : null;
    }

    /** Seconds, or what Go writes: {@code 72h}, {@code 12h0m0s}. */
    private static @Nullable Duration duration(JsonNode node) {
        if (node.isIntegralNumber()) {
            return Duration.ofSeconds(node.longValue());
        }
        String text = node.isString() ? node.stringValue() : "";
        if (text.matches("\\d{1,12}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            return text.matches("(\\d{1,9}h)?(\\d{1,9}m)?(\\d{1,9}s)?") && !text.isEmpty()
                    ? Duration.parse("PT" + text)
                    : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Instant instant(JsonNode node) {
        try {
            Instant time = node.isString() ? Instant.parse(node.stringValue()) : null;
            // Go's zero: it never happened
            return time == null || time.getEpochSecond() <= 0 ? null : time;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
