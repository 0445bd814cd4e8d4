package dev.detour.health.source;

import dev.detour.health.certificate.CertificateFacts;
import dev.detour.health.certificate.Place;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that a source shows, or has shown until it could no longer be looked at.
 *
 * @param source configured name of the source
 * @param keyIsHere whether its private key is in the same source
 * @param since when it was first seen at this place by this process
 * @param unseenSince since when its place cannot be looked at; null if it was there at the last look
 */
public record KnownCertificate(
        String source,
        SourceKind kind,
        Place place,
        CertificateFacts facts,
        boolean keyIsHere,
        Instant since,
        @Nullable Instant unseenSince) {}
