package dev.detour.mirror.interchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.page.ProjectPage;
import dev.detour.mirror.store.DurableFile;
import dev.detour.mirror.store.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class InterchangeProperties {
    private static final List<String> YANKS =
            List.of("", ",\"yanked\":false", ",\"yanked\":true", ",\"yanked\":\"bad <&> \\\"quoted\\\" ü\"");

    @Provide
    Arbitrary<Map<String, String>> pages() {
        Arbitrary<String> names =
                Arbitraries.strings().withCharRange('a', 'e').ofMinLength(1).ofMaxLength(3);
        Arbitrary<String> more = Combinators.combine(
                        Arbitraries.of(YANKS),
                        Arbitraries.of("", ",\"requires-python\":\">=3.8,<4\"", ",\"requires-python\":null"),
                        Arbitraries.of(
                                "", ",\"size\":12,\"upload-time\":\"2026-01-02T03:04:05.678901Z\"", ",\"zzz\":[1.50]"))
                .as((yank, python, rest) -> yank + python + rest);
        Arbitrary<List<String>> files = more.list().ofMaxSize(4);
        return Arbitraries.maps(names, files.map(InterchangeProperties::files))
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    private static String files(List<String> more) {
        StringBuilder files = new StringBuilder();
        for (int i = 0; i < more.size(); i++) {
            String name = "NAME-1.0-" + i + "-py3-none-any.whl";
            files.append(i == 0 ? "" : ",")
                    .append(Copy.file(name, "https://files.example/packages/aa/" + i + "/" + name, more.get(i)));
        }
        return files.toString();
    }

    @Property(tries = 25)
    void whatIsExportedAndImportedIsServedUnchanged(
            @ForAll("pages") Map<String, String> pages, @ForAll boolean hashIndex) throws Exception {
        Path directory = Files.createTempDirectory("interchange");
        try (Copy one = new Copy(directory.resolve("one"));
                Copy other = new Copy(directory.resolve("other"))) {
            SortedMap<String, String> canonical = new TreeMap<>();
            pages.forEach((name, files) -> canonical.put(name, canonical(name, files)));
            for (Map.Entry<String, String> each : canonical.entrySet()) {
                one.put(each.getKey(), 7, each.getValue(), Origin.SYNC);
            }
            one.store.seal(Copy.TAKEN);

            one.export(directory.resolve("tree"), hashIndex);
            ImportReport report = other.imported(directory.resolve("tree"));

            assertThat(report.problems()).isEmpty();
            assertThat(canonical.keySet().stream().collect(Collectors.toMap(name -> name, name -> served(other, name))))
                    .isEqualTo(canonical);
            assertThat(other.store.generations().list().get(0).confirmedAt()).isEqualTo(Copy.TAKEN);
            assertThat(listHash(other)).isEqualTo(listHash(one));
        } finally {
            DurableFile.remove(directory);
        }
    }

    private static String canonical(String name, String files) {
        String page = Copy.page(name, 7, files.replace("NAME", name));
        return new String(
                ProjectPage.parse(page.getBytes(StandardCharsets.UTF_8)).json(), StandardCharsets.UTF_8);
    }

    private static String served(Copy copy, String name) {
        try {
            return copy.served(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String listHash(Copy copy) throws Exception {
        try (var lease =
                java.util.Objects.requireNonNull(copy.store.generations().current())) {
            return lease.generation().manifest().listHash();
        }
    }
}
