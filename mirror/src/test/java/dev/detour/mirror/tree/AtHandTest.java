package dev.detour.mirror.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.tombstone.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tree's mirror can say without a look at the disk. */
class AtHandTest {
    private static final MirrorResource DEMO = new MirrorResource.SimpleProject("demo");
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path root;

    @SuppressWarnings("NullAway.Init")
    private Tree tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new Tree(root, "demo");
        tree.write("simple/demo/index.v1_json", Tree.page("demo"));
    }

    private Mirror.@Nullable AtHand atHand(MirrorResource resource) {
        return tree.mirror.atHand(new MirrorRequest(resource, false, Tree.JSON, null, null, null, null, null));
    }

    private String text() {
        return Tree.text(Objects.requireNonNull(atHand(DEMO)).answer());
    }

    @Test
    void nothingIsAtHandBeforeItWasAskedFor() {
        assertThat(atHand(DEMO)).isNull();
    }

    @Test
    void aPageThatWasMadeIsTheSameAnswer() {
        MirrorAnswer.Found answer = tree.found(DEMO, Tree.JSON);

        Mirror.AtHand atHand = Objects.requireNonNull(atHand(DEMO));
        assertThat(((MirrorAnswer.Found) atHand.answer()).headers()).isEqualTo(answer.headers());
        assertThat(text()).isEqualTo(Tree.text(answer));
        assertThat(atHand.look()).isFalse();
    }

    @Test
    void afterASecondOneOfThoseWhoGetItHasItLookedAt() {
        tree.found(DEMO, Tree.JSON);
        tree.wait(SECOND);

        assertThat(Objects.requireNonNull(atHand(DEMO)).look()).isTrue();
        assertThat(Objects.requireNonNull(atHand(DEMO)).look()).isFalse();
    }

    @Test
    void aChangeIsAtHandOnceSomebodyHasLooked() throws IOException {
        tree.found(DEMO, Tree.JSON);
        tree.wait(SECOND);
        tree.write("simple/demo/index.v1_json", Tree.page("demo", Tree.file("demo-1.0.tar.gz", "x", "")));
        String before = text();

        tree.found(DEMO, Tree.JSON);

        assertThat(before).doesNotContain("demo-1.0.tar.gz");
        assertThat(text()).contains("demo-1.0.tar.gz");
    }

    @Test
    void whatHasATombstoneIsAbsentAtOnceAndItsPageIsNotAtHand() throws IOException {
        tree.found(DEMO, Tree.JSON);
        tree.tombstones.add(Target.parse("demo"), "malware", null);

        assertThat(Objects.requireNonNull(atHand(DEMO)).answer()).isInstanceOf(MirrorAnswer.Absent.class);
        assertThat(tree.mirror.withholds(DEMO)).isTrue();
    }

    @Test
    void aPageFromBeforeATombstoneOnPartOfItIsNotAtHand() throws IOException {
        tree.found(DEMO, Tree.JSON);
        tree.tombstones.add(Target.parse("demo==1.0"), "broken", null);

        assertThat(atHand(DEMO)).isNull();
        assertThat(tree.mirror.withholds(DEMO)).isTrue();
        assertThat(tree.mirror.withholds(new MirrorResource.SimpleProject("other")))
                .isFalse();
    }

    @Test
    void aTreeThatHasBecomeTooOldHasNothingAtHand() {
        tree.found(DEMO, Tree.JSON);
        tree.turnClockTo(Tree.TAKEN.plus(Duration.ofDays(2)));

        assertThat(atHand(DEMO)).isNull();
    }

    @Test
    void aNameToBeRedirectedAndAListAndAFileAreNotAtHand() {
        tree.found(DEMO, Tree.JSON);

        assertThat(atHand(new MirrorResource.SimpleProject("Demo"))).isNull();
        assertThat(atHand(new MirrorResource.SimpleIndex())).isNull();
        assertThat(atHand(new MirrorResource.File("aa/demo-1.0.tar.gz"))).isNull();
    }
}
