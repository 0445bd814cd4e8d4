package dev.detour.admin.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
    @Test
    void anExistingTokenIsKeptAndItsNewlineIsNot(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");

        assertThat(TokenFile.readOrCreate(file)).isEqualTo("0123456789abcdef");
    }

    @Test
    void aFileThatAnybodyMayWriteIsRefused(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThatThrownBy(() -> TokenFile.readOrCreate(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + " can be written by every user");
    }

    @Test
    void anEmptyFileIsRefused(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "\n");

        assertThatThrownBy(() -> TokenFile.readOrCreate(file)).hasMessageContaining("has 0 characters");
    }

    @Test
    void aMissingDirectoryIsNamed(@TempDir Path directory) {
        Path file = directory.resolve("none/token");

        assertThatThrownBy(() -> TokenFile.readOrCreate(file))
                .hasMessage("cannot create the admin token file " + file + ": no such file or directory");
    }
}
