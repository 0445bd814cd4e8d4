package dev.detour.admin.token;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that holds the bearer token.
 *
 * <p>A file that every local user may <em>write</em> is refused: whoever writes it is the operator. One that every local user
 * may <em>read</em> is used with a warning: secrets mounted into a container have mode 0644 unless told otherwise and
 * nobody else lives there, so that refusing would stop the front door over something harmless in the commonest case.
 */
public final class TokenFile {
    private static final Logger log = LoggerFactory.getLogger(TokenFile.class);
    private static final int RANDOM_BYTES = 32;
    private static final int SHORTEST = 16;

    private TokenFile() {}

    /**
     * The token in the file; an absent file is created with a new random token and mode 0600.
     *
     * @throws IOException with a one-line message that names the path and the reason
     */
    public static String readOrCreate(Path path) throws IOException {
        try {
            create(path);
            log.info("created {} with a new admin token", path);
        } catch (FileAlreadyExistsException exists) {
            checkWhoMayUse(path);
        } catch (IOException e) {
            throw new IOException("cannot create the admin token file " + path + ": " + reason(e), e);
        }
        return read(path);
    }

    /**
     * The token in an existing file, without white space around it.
     *
     * @throws IOException with a one-line message that names the path and the reason
     */
    public static String read(Path path) throws IOException {
        String token;
        try {
            // Latin-1 takes any byte, so that a binary file fails below with a message about its content.
            token = Files.readString(path, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new IOException("cannot read the admin token file " + path + ": " + reason(e), e);
        }
        // The token itself is kept out of the message, which ends up in logs.
        if (token.length() < SHORTEST) {
            throw new IOException("the admin token in " + path + " has " + token.length()
                    + " characters (expected: at least " + SHORTEST + "; delete the file to have a new one created)");
        }
        if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IOException("the admin token in " + path
                    + " has characters that cannot be sent (expected: one line of ASCII without spaces)");
        }
        return token;
    }

    private static void create(Path path) throws IOException {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        Path directory = path.toAbsolutePath().getParent();
        boolean posix = directory != null
                && Files.isDirectory(directory)
                && Files.getFileStore(directory).supportsFileAttributeView("posix");
        // Given at creation: set afterwards, there would be a moment in which others can open the file.
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        ByteBuffer line =
                ByteBuffer.wrap((HexFormat.of().formatHex(random) + "\n").getBytes(StandardCharsets.US_ASCII));
        try (SeekableByteChannel channel = Files.newByteChannel(
                path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            while (line.hasRemaining()) {
                channel.write(line);
            }
        }
    }

    private static void checkWhoMayUse(Path path) throws IOException {
        Set<PosixFilePermission> permissions;
        try {
            permissions = Files.getPosixFilePermissions(path);
        } catch (UnsupportedOperationException notPosix) {
            return;
        } catch (IOException e) {
            throw new IOException("cannot read the admin token file " + path + ": " + reason(e), e);
        }
        String shown = PosixFilePermissions.toString(permissions);
        if (permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException("the admin token file " + path + " can be written by every user (" + shown
                    + "; expected: rw-------, run chmod 600)");
        }
        if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
            log.warn("the admin token file {} can be read by every user ({}; better: rw-------)", path, shown);
        }
    }

    /** The file system's exceptions often have nothing but the path as their message. */
    private static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (cause instanceof FileSystemException fileProblem && fileProblem.getReason() != null) {
            return fileProblem.getReason();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
