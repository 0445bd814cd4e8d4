package dev.detour.health.crl;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;

/**
 * A CRL that is watched.
 *
 * @param issuers certificates, one of which has to have signed it, as they are now; empty if that is not asked
 * @param terms what it is measured against, as it is now
 */
public record WatchedCrl(CrlSource source, Supplier<List<X509Certificate>> issuers, Supplier<CrlTerms> terms) {}
