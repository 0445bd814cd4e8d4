package dev.detour.config;

import dev.detour.config.yaml.MalformedYamlException;
import dev.detour.config.yaml.Node;
import dev.detour.config.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The routes of a kind of index, kept as data in the same form as an operator's own routes. */
final class Preset {
    /** The presets there are. */
    static final Set<String> NAMES = Set.of("pypi");

    private Preset() {}

    /** The routes of the index, in matching order. */
    static List<RouteConfig> expand(IndexConfig index) {
        String resource = "preset-" + index.preset() + ".yaml";
        Problems problems = new Problems(resource);
        Source source = new Source(Path.of("").toAbsolutePath(), problems);
        Section root = new Section(source, "", "", document(resource));
        RouteDecoder decoder = RouteDecoder.preset(index);
        List<RouteConfig> routes = root.sections("routes", "a list of routes").stream()
                .map(decoder::decode)
                .toList();
        if (problems.count() > 0) {
            throw new IllegalStateException(problems.byLine().toString());
        }
        return routes;
    }

    private static Node document(String resource) {
        try (InputStream in = Objects.requireNonNull(Preset.class.getResourceAsStream(resource), resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Objects.requireNonNull(YamlReader.read(text), resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedYamlException e) {
            throw new IllegalStateException(resource + ":" + e.line() + ": " + e.getMessage(), e);
        }
    }
}
