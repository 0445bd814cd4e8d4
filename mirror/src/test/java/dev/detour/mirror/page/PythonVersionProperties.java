package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PythonVersionProperties {
    @Provide
    Arbitrary<PythonVersion> versions() {
        Arbitrary<String> written = Combinators.combine(
                        Arbitraries.of("", "0!", "1!"),
                        Arbitraries.of("0", "1", "1.0", "1.0.0", "1.1", "1.10", "2", "01"),
                        Arbitraries.of("", "a1", "b", "rc2", "a01", "-c2"),
                        Arbitraries.of("", ".post1", "-1", "post", "-02"),
                        Arbitraries.of("", ".dev1", "dev", ".dev10"),
                        Arbitraries.of("", "+1", "+a", "+a.1", "+01", "+A"))
                .as((epoch, release, pre, post, dev, local) -> epoch + release + pre + post + dev + local);
        Arbitrary<String> legacy = Arbitraries.of("", "x", "1.x", "nightly", "1..0");
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(9, written), net.jqwik.api.Tuple.of(1, legacy))
                .map(PythonVersion::of);
    }

    @Property
    void orderIsAntisymmetric(@ForAll("versions") PythonVersion one, @ForAll("versions") PythonVersion other) {
        assertThat(Integer.signum(one.compareTo(other))).isEqualTo(-Integer.signum(other.compareTo(one)));
    }

    @Property(tries = 5000)
    void orderIsTransitive(
            @ForAll("versions") PythonVersion a,
            @ForAll("versions") PythonVersion b,
            @ForAll("versions") PythonVersion c) {
        if (a.compareTo(b) <= 0 && b.compareTo(c) <= 0) {
            assertThat(a.compareTo(c)).isLessThanOrEqualTo(0);
        }
        if (a.compareTo(b) == 0) {
            assertThat(Integer.signum(a.compareTo(c))).isEqualTo(Integer.signum(b.compareTo(c)));
        }
    }

    @Property
    void equalVersionsHaveEqualHashCodes(
            @ForAll("versions") PythonVersion one, @ForAll("versions") PythonVersion other) {
        if (one.equals(other)) {
            assertThat(one).hasSameHashCodeAs(other);
        }
    }

    @Property
    void anyTextIsOrdered(@ForAll String one, @ForAll String other) {
        int order = PythonVersion.of(one).compareTo(PythonVersion.of(other));

        assertThat(order == 0).isEqualTo(PythonVersion.of(one).equals(PythonVersion.of(other)));
    }
}
