package dev.detour.mirror.tombstone;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TargetProperties {
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> any =
                Arbitraries.strings().withChars("ab1-_.=!+ /~[*\u00e9\n").ofMaxLength(14);
        Arbitrary<String> endings = Arbitraries.of("", ".whl", ".tar.gz", ".metadata", "==1.0", ".whl.metadata");
        return any.flatMap(start -> endings.map(end -> start + end));
    }

    @Property
    void whatIsReadIsReadBackTheSame(@ForAll("texts") String text) {
        Target target;
        try {
            target = Target.parse(text);
        } catch (IllegalArgumentException expected) {
            assertThat(expected.getMessage()).isNotBlank().doesNotContain("\n");
            return;
        }

        assertThat(Target.parse(target.text())).isEqualTo(target);
        assertThat(target.text()).doesNotContain("/", "\n", " ");
    }
}
