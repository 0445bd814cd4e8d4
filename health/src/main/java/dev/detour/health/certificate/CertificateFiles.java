package dev.detour.health.certificate;

import dev.detour.health.certificate.SourceProblem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The certificates in a file, in a directory and all below it, or in the files that a glob matches.
 *
 * <p>Formats are told by content: PEM bundles with keys and CRLs in between, DER, PKCS#7, PKCS#12, JKS, kubeconfig. Whatever
 * cannot be read is a {@link SourceProblem} that names it, never an exception, and never hides another file. In a
 * directory, files that neither are named like certificates nor look like some are passed over in silence.
 */
public final class CertificateFiles {
    /** A bundle of every authority in the world is below one megabyte. */
    private static final int LARGEST = 16 * 1024 * 1024;

    static final String EXPECTED = "certificates as PEM, DER, PKCS#7, PKCS#12, JKS or in a kubeconfig";
    private static final Set<String> ENDINGS = Set.of(
            "pem",
            "crt",
            "cer",
            "cert",
            "der",
            "p7b",
            "p7c",
            "p12",
            "pfx",
            "pkcs12",
            "jks",
            "jceks",
            "keystore",
            "truststore",
            "kubeconfig");
    private static final int JKS = 0xfeedfeed;
    private static final int JCEKS = 0xcececece;
    private static final int SEQUENCE = 0x30;

    private final char @Nullable [] password;
    private final Reader reader;
    private final @Nullable FileMemory memory;
    private final Set<Path> referring = new HashSet<>();

    /** The content of a file. */
    @FunctionalInterface
    interface Reader {
        byte[] read(Path file) throws IOException;
    }

    /**
     * Opens key stores with {@code password}.
     *
     * @param password null for none
     */
    public CertificateFiles(char @Nullable [] password) {
        this(password, CertificateFiles::content, null);
    }

    CertificateFiles(char @Nullable [] password, Reader reader) {
        this(password, reader, null);
    }

    private CertificateFiles(char @Nullable [] password, Reader reader, @Nullable FileMemory memory) {
        this.password = password == null ? null : password.clone();
        this.reader = reader;
        this.memory = memory;
    }

    /**
     * For one place that is scanned again and again, by one thread at a time: files that have not changed since the last scan are not
     * read again.
     */
    public static CertificateFiles remembering(char @Nullable [] password) {
        return new CertificateFiles(password, CertificateFiles::content, new FileMemory());
    }

    /**
     * The password of key stores, in the first line of a file.
     *
     * @throws IOException if it cannot be read
     */
    public static char[] password(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.findFirst().orElse("").toCharArray();
        }
    }

    /** The certificates at a place: a file, a directory, or a glob such as {@code /etc/ssl/**}{@code /*.pem}. */
    public FileScan scan(String place) {
        if (memory != null) {
            memory.turn();
        }
        Path path;
        try {
            path = Path.of(place);
        } catch (InvalidPathException e) {
            return FileScan.problem(
                    Kind.MISSING, place, "not a path: " + e.getReason(), "a file, a directory or a glob");
        }
        if (Files.isDirectory(path)) {
            return FileWalk.directory(path, this);
        }
        boolean exists = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        return !exists && FileWalk.isGlob(place) ? FileWalk.glob(place, this) : file(path);
    }

    /**
     * A certificate chain and its private key, in files of their own.
     *
     * @return the chain; that the key belongs to none of it is a problem
     */
    public FileScan pair(Path certificate, Path key) {
        FileScan.Builder into = new FileScan.Builder(certificate.toString());
        String chain;
        try {
            chain = new String(reader.read(certificate), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return FileScan.problem(kind(e), certificate.toString(), words(e), "a file that can be read");
        }
        if (!PemBundle.looksLike(chain)) {
            into.problem(Kind.MALFORMED, "nothing in PEM", "a chain in PEM, leaf first");
            return into.build();
        }
        try {
            String secret = new String(reader.read(key), StandardCharsets.ISO_8859_1);
            PemBundle.read(chain + "\n" + secret, "", into);
            return into.build();
        } catch (IOException e) {
            PemBundle.read(chain, "", into);
            return FileScan.of(List.of(
                    into.build(), FileScan.problem(kind(e), key.toString(), words(e), "the key of " + certificate)));
        }
    }

    /** One file that was asked for by name: that there is nothing in it is a problem. */
    FileScan file(Path file) {
        return Objects.requireNonNull(recalled(file, this::named));
    }

    private @Nullable FileScan recalled(Path file, Function<Path, @Nullable FileScan> read) {
        if (memory == null) {
            return read.apply(file);
        }
        FileScan scan = memory.recall(file, read);
        if (referring.remove(file)) {
            memory.doubt(file);
        }
        return scan;
    }

    private FileScan named(Path file) {
        String source = file.toString();
        FileScan.Builder into = new FileScan.Builder(source);
        try {
            if (!Files.isRegularFile(file)) {
                return notAFile(file);
            }
            byte[] content = reader.read(file);
            read(file, content, into);
            if (into.isEmpty()) {
                into.problem(
                        Kind.EMPTY,
                        content.length == 0 ? "an empty file" : "nothing that holds certificates",
                        EXPECTED);
            }
        } catch (IOException e) {
            return FileScan.problem(kind(e), source, words(e), "a file that can be read");
        }
        return into.build();
    }

    private static FileScan notAFile(Path file) {
        String source = file.toString();
        if (Files.isSymbolicLink(file)) {
            return FileScan.problem(Kind.MISSING, source, "a link to nothing", "a link to a file");
        }
        return Files.exists(file)
                ? FileScan.problem(
                        Kind.MALFORMED, source, "neither a file nor a directory", "a file, a directory or a glob")
                : FileScan.problem(Kind.MISSING, source, "no such file", "a file, a directory or a glob");
    }

    /** One file that happens to lie in a directory; null if nothing says that it should hold certificates. */
    @Nullable FileScan ifCertificates(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        // the names that c_rehash makes of subjects
        if (ENDINGS.contains(ending) || name.matches("[0-9a-f]{8}\\.\\d+")) {
            return file(file);
        }
        return recalled(file, this::inDirectory);
    }

    private @Nullable FileScan inDirectory(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
                return null;
            }
            byte[] content = reader.read(file);
            String text = new String(content, StandardCharsets.ISO_8859_1);
            boolean pem = text.contains("-----BEGIN CERTIFICATE-----");
            if (!pem && !Kubeconfig.looksLike(text)) {
                return null;
            }
            FileScan.Builder into = new FileScan.Builder(file.toString());
            read(file, content, into);
            return into.build();
        } catch (IOException e) {
            return null;
        }
    }

    private void read(Path file, byte[] content, FileScan.Builder into) throws IOException {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        int magic =
                content.length < Integer.BYTES ? 0 : ByteBuffer.wrap(content).getInt();
        if (magic == JKS || magic == JCEKS) {
            KeyStoreFile.read(content, magic == JKS ? "JKS" : "JCEKS", password, into);
        } else if (content.length > 0 && content[0] == SEQUENCE) {
            DerFile.read(content, password, into);
        } else if (Kubeconfig.looksLike(text)) {
            kubeconfig(file, new String(content, StandardCharsets.UTF_8), into);
        } else if (PemBundle.looksLike(text)) {
            PemBundle.read(text, "", into);
        }
    }

    private void kubeconfig(Path file, String text, FileScan.Builder into) throws IOException {
        for (String reference : Kubeconfig.read(text, into)) {
            Path referred = file.resolveSibling(reference);
            referring.add(file);
            if (!Files.isRegularFile(referred)) {
                into.problem(Kind.MISSING, "refers to " + reference + ", which is not there", "a file");
                continue;
            }
            String pem = new String(reader.read(referred), StandardCharsets.ISO_8859_1);
            if (PemBundle.looksLike(pem)) {
                PemBundle.read(pem, reference + " ", into);
            } else {
                into.problem(Kind.EMPTY, "refers to " + reference + ", which holds no certificate", "a file in PEM");
            }
        }
    }

    private static byte[] content(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new TooLargeException("larger than " + LARGEST / (1024 * 1024) + " MiB");
            }
            return content;
        }
    }

    static Kind kind(IOException problem) {
        if (problem instanceof TooLargeException) {
            return Kind.TOO_LARGE;
        }
        return problem instanceof NoSuchFileException ? Kind.MISSING : Kind.UNREADABLE;
    }

    static String words(IOException problem) {
        if (problem instanceof AccessDeniedException) {
            return "not readable by this user";
        }
        if (problem instanceof NoSuchFileException) {
            return "no such file";
        }
        String message = problem.getMessage();
        return "cannot be read: " + (message == null ? problem.getClass().getSimpleName() : message);
    }

    /** More than is read into memory. */
    private static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;

        TooLargeException(String message) {
            super(message);
        }
    }
}
