package dev.detour.config;

import dev.detour.config.yaml.MalformedYamlException;
import dev.detour.config.yaml.Node;
import dev.detour.config.yaml.YamlReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads configuration files, with every problem reported at once. */
public final class ConfigLoader {
    private static final String A_FILE = "a readable YAML file";
    private static final long LARGEST = 8 << 20;

    private ConfigLoader() {}

    /**
     * The configuration in a file; relative paths in it are relative to its directory.
     *
     * @throws InvalidConfigException if it cannot be read or anything in it is wrong
     */
    public static DetourConfig load(Path file) throws InvalidConfigException {
        Path directory = file.toAbsolutePath().getParent();
        return load(file.toString(), text(file), directory == null ? file.toAbsolutePath() : directory);
    }

    /**
     * The configuration in a text that came from no file, called {@code configuration} in problems.
     *
     * @param directory what relative paths are relative to
     * @throws InvalidConfigException if anything in it is wrong
     */
    public static DetourConfig load(String text, Path directory) throws InvalidConfigException {
        return load("configuration", text, directory.toAbsolutePath());
    }

    private static DetourConfig load(String name, String text, Path directory) throws InvalidConfigException {
        Problems problems = new Problems(name);
        DetourConfig config = new ConfigDecoder(new Source(directory, problems), document(name, text)).decode();
        if (problems.count() > 0) {
            throw new InvalidConfigException(problems.byLine());
        }
        return config;
    }

    private static Node document(String name, String text) throws InvalidConfigException {
        try {
            @Nullable Node root = YamlReader.read(text.startsWith("\ufeff") ? text.substring(1) : text);
            if (root == null || root instanceof Node.Nothing) {
                throw single(name, 0, "an empty file", "YAML with listeners, backends and index or routes");
            }
            return root;
        } catch (MalformedYamlException e) {
            throw single(name, e.line(), String.valueOf(e.getMessage()), "well-formed YAML");
        }
    }

    private static String text(Path file) throws InvalidConfigException {
        String name = file.toString();
        if (!Files.exists(file)) {
            throw single(name, 0, "no such file", A_FILE);
        }
        if (Files.isDirectory(file)) {
            throw single(name, 0, "a directory", A_FILE);
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw single(name, 0, Files.size(file) + " bytes", "a configuration file of at most 8MiB");
            }
            byte[] bytes = Files.readAllBytes(file);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw single(name, 0, "bytes that are not UTF-8", "a YAML file in UTF-8");
        } catch (IOException e) {
            throw single(name, 0, "not readable", A_FILE);
        }
    }

    private static InvalidConfigException single(String file, int line, String value, String expected) {
        return new InvalidConfigException(List.of(new Problem(file, line, "", value, expected)));
    }
}
