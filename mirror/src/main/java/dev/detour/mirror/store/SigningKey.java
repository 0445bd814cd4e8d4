package dev.detour.mirror.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * The Ed25519 key (RFC 8032) that generations are signed with: {@code key/ed25519.key}, PKCS #8 in PEM with mode 0600, and
 * {@code key/ed25519.pub}, the part that others are given.
 */
public final class SigningKey {
    private static final String ALGORITHM = "Ed25519";
    private static final int LINE = 64;

    private final PrivateKey key;
    private final PublicKey publicKey;

    private SigningKey(PrivateKey key, PublicKey publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    /** The public key file of a store. */
    public static Path publicFile(Path store) {
        return store.resolve("key").resolve("ed25519.pub");
    }

    private static Path privateFile(Path store) {
        return store.resolve("key").resolve("ed25519.key");
    }

    /** The store's key; made if it has none. */
    public static SigningKey of(Path store) throws StoreException {
        Path file = privateFile(store);
        try {
            if (!Files.exists(file)) {
                create(store);
            }
            byte[] encoded = decode(file, "PRIVATE KEY");
            PrivateKey key = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            return new SigningKey(key, publicKey(publicFile(store)));
        } catch (IOException | GeneralSecurityException e) {
            throw new StoreException("the key " + file + " cannot be read: " + e, e);
        }
    }

    private static void create(Path store) throws IOException, GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        Files.createDirectories(
                store.resolve("key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        DurableFile.write(publicFile(store), encode(pair.getPublic().getEncoded(), "PUBLIC KEY"));
        Path file = privateFile(store);
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        // written last: a public key without a private one is made anew
        DurableFile.write(file, encode(pair.getPrivate().getEncoded(), "PRIVATE KEY"));
    }

    /** Reads a public key. */
    public static PublicKey publicKey(Path file) throws StoreException {
        try {
            return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(decode(file, "PUBLIC KEY")));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new StoreException(
                    file + " cannot be read: " + e + " (expected: an Ed25519 public key in PEM, as in a store's "
                            + "key/ed25519.pub)",
                    e);
        }
    }

    private static byte[] decode(Path file, String label) throws IOException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        String begin = "-----BEGIN " + label + "-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new IOException("no " + begin);
        }
        return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    }

    private static byte[] encode(byte[] key, String label) {
        String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(key);
        return ("-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The public part. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /** Signs bytes. */
    public byte[] sign(byte[] content) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was read can sign", e);
        }
    }

    /** Whether a signature is that of bytes under a key. */
    public static boolean verifies(PublicKey key, byte[] content, byte[] signature) {
        try {
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(key);
            check.update(content);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            // a signature of the wrong length is one that does not verify
            return false;
        }
    }
}
