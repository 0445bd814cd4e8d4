package dev.detour.health.crl;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a CRL is measured against; what is null is not looked at.
 *
 * @param limit how large it may become
 * @param lifetime of the issuer's longest-lived certificates
 * @param live how many certificates of the issuer are live and not revoked
 * @param signed whether its signature has to have been checked
 */
public record CrlTerms(
        @Nullable CrlLimit limit,
        @Nullable Duration lifetime,
        @Nullable Long live,
        boolean signed) {}
