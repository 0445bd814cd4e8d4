package dev.detour.mirror.tombstone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.MirrorResource;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WithdrawnTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    static Withdrawn of(String... targets) {
        List<Tombstone> all = Stream.of(targets)
                .map(target -> new Tombstone(Target.parse(target), "malware", null, NOW))
                .toList();
        return new Withdrawn(all, NOW);
    }

    private static boolean withholds(String tombstone, MirrorResource resource) {
        return of(tombstone).whole(resource) != null;
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo-lib", "Demo_Lib", "DEMO.LIB"})
    void aProjectIsWithheldInEverySpelling(String asked) {
        assertThat(withholds("demo-lib", new MirrorResource.SimpleProject(asked)))
                .isTrue();
        assertThat(withholds("demo-lib", new MirrorResource.JsonProject(asked))).isTrue();
        assertThat(withholds("demo-lib", new MirrorResource.JsonRelease(asked, "1.0")))
                .isTrue();
        assertThat(withholds("demo-lib", new MirrorResource.Provenance(asked, "1.0", "x.whl")))
                .isTrue();
    }

    @Test
    void otherProjectsAreNot() {
        assertThat(withholds("demo", new MirrorResource.SimpleProject("demo-lib")))
                .isFalse();
        assertThat(withholds("demo", new MirrorResource.SimpleProject("no name")))
                .isFalse();
        assertThat(withholds("demo", new MirrorResource.SimpleIndex())).isFalse();
    }

    @Test
    void aReleaseIsWithheldWithItsAttestationsButNotItsProject() {
        assertThat(withholds("demo==1.0", new MirrorResource.JsonRelease("Demo", "1.0.0")))
                .isTrue();
        assertThat(withholds("demo==1.0", new MirrorResource.Provenance("demo", "1", "x.whl")))
                .isTrue();
        assertThat(withholds("demo==1.0", new MirrorResource.JsonRelease("demo", "1.1")))
                .isFalse();
        assertThat(withholds("demo==1.0", new MirrorResource.SimpleProject("demo")))
                .isFalse();
        assertThat(withholds("demo==1.0", new MirrorResource.JsonProject("demo")))
                .isFalse();
    }

    @Test
    void attestationsOfAFileAreWithheldWhateverReleaseIsNamed() {
        MirrorResource right = new MirrorResource.Provenance("demo", "1.0", "demo-1.0.tar.gz");
        MirrorResource wrong = new MirrorResource.Provenance("demo", "9", "demo-1.0.tar.gz");

        assertThat(withholds("demo-1.0.tar.gz", right)).isTrue();
        assertThat(withholds("demo==1.0", wrong)).isTrue();
        assertThat(withholds("demo-1.1.tar.gz", right)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "demo,              demo-1.0-py3-none-any.whl",
        "demo,              Demo-1.0.tar.gz",
        "demo,              demo-nightly.tar.gz",
        "demo,              demo-1.0.win32.exe",
        "demo-lib,          demo_lib-1.0-py3-none-any.whl",
        "demo-lib,          demo-lib-1.0.tar.gz",
        "demo-lib,          demo.lib-1.0-py2.7.egg",
        "demo==1.0,         demo-1.0-py3-none-any.whl",
        "demo==1,           demo-1.0.0.tar.gz",
        "demo==1.0,         demo-1.0-py3-none-any.whl.metadata",
        "demo==1.0,         demo-1.0.tar.gz.asc",
        "demo==1.0,         demo-1.0.win32-py2.7.exe",
        "demo==1.0+local.1, demo-1.0+local.1-py3-none-any.whl",
        "demo==1.0-1,       demo-1.0_1-py3-none-any.whl",
        "demo-1.0.tar.gz,   demo-1.0.tar.gz",
        "demo-1.0.tar.gz,   demo-1.0.tar.gz.metadata",
        "demo-2,            demo-2-1.zip",
        "demo,              demo-2-1.zip",
    })
    void aFileIsWithheldByItsPathAlone(String tombstone, String filename) {
        assertThat(withholds(tombstone, new MirrorResource.File("aa/bb/cc/" + filename)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "demo,            demo_lib-1.0-py3-none-any.whl",
        "demo,            demo-lib-1.0.tar.gz",
        "demo,            demos-1.0.tar.gz",
        "demo-1,          demo-1.0-1-py3-none-any.whl",
        "demo==1.0,       demo-1.0.1.tar.gz",
        "demo==1.0,       demo-1.0rc1.tar.gz",
        "demo==1.0,       demo-lib-1.0.tar.gz",
        "demo-1.0.tar.gz, demo-1.0.zip",
        "demo-1.0.tar.gz, Demo-1.0.tar.gz",
        "demo,            demo",
    })
    void otherFilesAreNot(String tombstone, String filename) {
        assertThat(withholds(tombstone, new MirrorResource.File("aa/bb/cc/" + filename)))
                .isFalse();
    }

    @Test
    void theRefusalSaysWhichTombstoneAndWhy() {
        Tombstone found = Objects.requireNonNull(of("demo==1.0").whole(new MirrorResource.JsonRelease("demo", "1")));

        assertThat(found.detail()).isEqualTo("tombstone on demo==1.0: malware");
    }

    @Test
    void aPageIsAsYoungAsTheTombstones() {
        assertThat(of("demo").modified(NOW.minusSeconds(60))).isEqualTo(NOW);
        assertThat(of("demo").modified(NOW.plusSeconds(60))).isEqualTo(NOW.plusSeconds(60));
        assertThat(Withdrawn.NOTHING.modified(NOW)).isEqualTo(NOW);
    }
}
