package dev.detour.health.certificate;

import dev.detour.health.certificate.SourceProblem.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A PKCS#12 or JKS key store.
 *
 * <p>A PKCS#12 opened without its password does not fail: it lists its aliases and gives no certificate. Whoever takes that for an
 * empty store is blind, so a store that yields nothing is a problem.
 */
final class KeyStoreFile {
    private final KeyStore store;
    private final char @Nullable [] password;
    private final FileScan.Builder into;
    private int certificates;

    private KeyStoreFile(KeyStore store, char @Nullable [] password, FileScan.Builder into) {
        this.store = store;
        this.password = password;
        this.into = into;
    }

    static void read(byte[] content, String type, char @Nullable [] password, FileScan.Builder into) {
        try {
            KeyStore store = KeyStore.getInstance(type);
            store.load(new ByteArrayInputStream(content), password);
            new KeyStoreFile(store, password, into).entries();
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            into.problem(
                    password == null ? Kind.PASSWORD : Kind.MALFORMED,
                    "a " + type + " key store that does not open" + (password == null ? " without a password" : ""),
                    password == null ? "its password in a file" : "the right password, and a file that is whole");
        }
    }

    private void entries() throws GeneralSecurityException {
        List<String> aliases = Collections.list(store.aliases());
        for (String alias : aliases) {
            Certificate[] chain = store.getCertificateChain(alias);
            if (chain == null) {
                Certificate single = store.getCertificate(alias);
                chain = single == null ? new Certificate[0] : new Certificate[] {single};
            }
            entry(alias, chain);
        }
        if (certificates == 0) {
            into.problem(
                    password == null ? Kind.PASSWORD : Kind.EMPTY,
                    "a key store of " + aliases.size() + " entries that opens but yields no certificate",
                    password == null
                            ? "certificates; without its password a PKCS#12 hides them"
                            : "certificates, or entries that are marked as trusted");
        }
    }

    private void entry(String alias, Certificate[] chain) throws GeneralSecurityException {
        boolean hasKey = store.isKeyEntry(alias);
        boolean belongs = hasKey && chain.length > 0 && keyBelongs(alias, chain[0]);
        if (hasKey) {
            into.key();
        }
        for (int i = 0; i < chain.length; i++) {
            if (chain[i] instanceof X509Certificate certificate) {
                String entry = chain.length == 1 ? alias : alias + " #" + (i + 1);
                into.found(new FoundCertificate(certificate, new Place(into.source(), entry), i == 0 && belongs));
                certificates++;
            }
        }
    }

    /** A key under a password of its own cannot be looked at; nothing is said about it. */
    private boolean keyBelongs(String alias, Certificate certificate) throws GeneralSecurityException {
        try {
            if (!(store.getKey(alias, password) instanceof PrivateKey key)) {
                return false;
            }
            boolean belongs = PrivateKeys.belongs(key, certificate.getPublicKey());
            if (!belongs) {
                into.problem(
                        Kind.KEY_MISMATCH,
                        "entry " + alias + " has a private key that does not belong to its certificate",
                        "the private key of its certificate");
            }
            return belongs;
        } catch (UnrecoverableKeyException e) {
            return false;
        }
    }
}
