package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Every setting in the list is one that the loader looks at. */
class SettingTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    @TempDir
    Path directory;

    static Stream<String> paths() {
        return Setting.ALL.stream().map(Setting::path);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void nonsenseInAnySettingIsReported(String path) {
        Map<String, Object> tree = YAML.readValue(ConfigFiles.FULL, new TypeReference<>() {});
        String at = path.replace("listeners[]", "listeners[1]")
                .replace("routes[]", "routes[0]")
                .replace("backends.<name>", "backends.warehouse")
                .replace("endpoints[]", "endpoints[0]")
                .replace("mirrors.<name>.follow", "mirrors.followed.follow")
                .replace("mirrors.<name>.url", "mirrors.far.url")
                .replace("mirrors.<name>.tree", "mirrors.local.tree")
                .replace("mirrors.<name>.", "mirrors.own.")
                .replace("mirrors.<name>", "mirrors.own")
                .replace("sources.<name>.server", "sources.mail.server")
                .replace("sources.<name>.trust", path.startsWith("crls") ? "sources.far.trust" : "sources.mail.trust")
                .replace("sources.<name>.vault", "sources.pki.vault")
                .replace("sources.<name>.url", "sources.far.url")
                .replace("sources.<name>", path.startsWith("crls") ? "sources.own" : "sources.edge")
                .replace("receivers.<name>.alertmanager", "receivers.am.alertmanager")
                .replace("receivers.<name>", "receivers.ops");
        replace(tree, at, List.of(List.of("nonsense")));

        InvalidConfigException e = catchThrowableOfType(
                InvalidConfigException.class,
                () -> ConfigLoader.load(YAML.writeValueAsString(tree), ConfigFiles.in(directory)));

        assertThat(e.problems()).extracting(Problem::path).anyMatch(found -> found.startsWith(at));
        assertThat(e.problems()).extracting(Problem::value).doesNotContain("unknown key");
    }

    @SuppressWarnings("unchecked")
    private static void replace(Map<String, Object> tree, String path, Object value) {
        String[] keys = path.split("\\.", -1);
        Map<String, Object> map = tree;
        for (int i = 0; i < keys.length - 1; i++) {
            String key = keys[i];
            int bracket = key.indexOf('[');
            Object child = bracket < 0
                    ? map.get(key)
                    : ((List<Object>) java.util.Objects.requireNonNull(map.get(key.substring(0, bracket))))
                            .get(key.charAt(bracket + 1) - '0');
            map = (Map<String, Object>) java.util.Objects.requireNonNull(child, key);
        }
        map.put(keys[keys.length - 1], value);
    }
}
