package dev.detour.health.revocation;

import dev.detour.health.certificate.FileStamp;
import dev.detour.health.crl.CrlFacts;
import dev.detour.health.crl.CrlFormatException;
import dev.detour.health.crl.CrlReader;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * The CRLs in some files, kept in memory.
 *
 * <p>{@link #refresh} reads what has changed, on a thread that may wait; {@link #status} only looks into memory, and any
 * thread may call it. A file that cannot be used leaves in force what was last read from it.
 */
public final class RevocationLists {
    private final List<Path> files;
    private final CrlReader reader;
    private final List<X500Principal> authorities;
    private final Clock clock;
    private final RevocationListener listener;
    private final Map<Path, Seen> seen = new HashMap<>();
    private volatile Map<X500Principal, List<RevocationList>> byIssuer = Map.of();

    /** A file as it was last looked at, and what was last read from it. */
    private record Seen(
            @Nullable FileStamp stamp,
            @Nullable RevocationList list,
            @Nullable String trouble) {}

    /**
     * Nothing is read before the first {@link #refresh}.
     *
     * @param files CRLs in PEM or DER, one in each
     * @param authorities whose CRLs count: one that none of them has signed is not used
     */
    public RevocationLists(
            List<Path> files, List<X509Certificate> authorities, Clock clock, RevocationListener listener) {
        this.files = List.copyOf(files);
        this.reader = CrlReader.checkedBy(authorities);
        this.authorities = authorities.stream()
                .map(X509Certificate::getSubjectX500Principal)
                .toList();
        this.clock = clock;
        this.listener = listener;
    }

    /** Reads the files that have changed since. */
    public synchronized void refresh() {
        for (Path file : files) {
            seen.put(file, look(file, seen.getOrDefault(file, new Seen(null, null, null))));
        }
        Map<X500Principal, List<RevocationList>> next = new HashMap<>();
        for (Seen each : seen.values()) {
            if (each.list() != null) {
                next.computeIfAbsent(each.list().issuer(), any -> new ArrayList<>())
                        .add(each.list());
            }
        }
        byIssuer = Map.copyOf(next);
    }

    private Seen look(Path file, Seen before) {
        FileStamp stamp = null;
        try {
            stamp = FileStamp.of(file);
            if (stamp.equals(before.stamp())) {
                return before;
            }
            List<BigInteger> serials = new ArrayList<>();
            CrlFacts facts = read(file, serials);
            String refusal = refusal(facts);
            if (refusal != null) {
                return broken(file, stamp, before, refusal);
            }
            X500Principal issuer = issuer(facts.issuer());
            if (issuer == null) {
                return broken(file, stamp, before, "issued by " + facts.issuer() + ", a name that cannot be compared");
            }
            listener.onLoaded(file, facts.issuer(), serials.size());
            return new Seen(
                    stamp, new RevocationList(issuer, facts.nextUpdate(), serials.toArray(BigInteger[]::new)), null);
        } catch (CrlFormatException e) {
            return broken(file, stamp, before, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return broken(file, null, before, "cannot be read: " + e.getClass().getSimpleName());
        }
    }

    /** Which authority that is: names are equal by RFC 5280 7.1, not by how they are spelled. */
    private @Nullable X500Principal issuer(String name) {
        try {
            X500Principal issuer = new X500Principal(name);
            return authorities.contains(issuer) ? issuer : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Seen broken(Path file, @Nullable FileStamp stamp, Seen before, String trouble) {
        if (!trouble.equals(before.trouble()) || !Objects.equals(stamp, before.stamp())) {
            listener.onBroken(file, trouble);
        }
        return new Seen(stamp, before.list(), trouble);
    }

    private CrlFacts read(Path file, List<BigInteger> serials) throws IOException, CrlFormatException {
        try (InputStream in = Files.newInputStream(file)) {
            return reader.read(in, serials::add);
        }
    }

    private static @Nullable String refusal(CrlFacts facts) {
        if (facts.delta()) {
            return "a delta CRL (expected: a complete one)";
        }
        return switch (facts.signature()) {
            case GOOD -> null;
            case BAD -> "not signed by the issuer it names, " + facts.issuer();
            case NO_ISSUER -> "its issuer " + facts.issuer() + " is none of the authorities trusted here";
            case UNSUPPORTED -> "its signature algorithm " + facts.algorithm() + " cannot be checked";
        };
    }

    /** What the CRLs say of a certificate now. */
    public RevocationStatus status(X509Certificate certificate) {
        List<RevocationList> lists = byIssuer.getOrDefault(certificate.getIssuerX500Principal(), List.of());
        Instant now = clock.instant();
        boolean fresh = false;
        for (RevocationList list : lists) {
            if (list.lists(certificate.getSerialNumber())) {
                return RevocationStatus.REVOKED;
            }
            fresh |= !list.stale(now);
        }
        if (lists.isEmpty()) {
            return RevocationStatus.UNKNOWN;
        }
        return fresh ? RevocationStatus.GOOD : RevocationStatus.STALE;
    }
}
