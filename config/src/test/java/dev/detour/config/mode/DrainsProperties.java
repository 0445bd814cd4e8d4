package dev.detour.config.mode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DrainsProperties {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Property
    void drainsAreASetWhoseVersionCountsItsChanges(@ForAll("wishes") List<Wish> wishes) {
        Drains drains = Drains.NONE;
        Set<String> model = new HashSet<>();
        long changes = 0;

        for (Wish wish : wishes) {
            String key = wish.backend + " " + wish.endpoint;
            changes += (wish.drained ? model.add(key) : model.remove(key)) ? 1 : 0;
            drains = wish.drained
                    ? drains.with(new Drain(wish.backend, wish.endpoint, NOW, null))
                    : drains.without(wish.backend, wish.endpoint);

            assertThat(drains.version()).isEqualTo(changes);
            assertThat(drains.contains(wish.backend, wish.endpoint)).isEqualTo(wish.drained);
        }

        assertThat(drains.drains())
                .extracting(drain -> drain.backend() + " " + drain.endpoint())
                .containsExactlyInAnyOrderElementsOf(model);
    }

    @Provide
    Arbitrary<List<Wish>> wishes() {
        return Combinators.combine(
                        Arbitraries.of("warehouse", "files"),
                        Arbitraries.of("10.0.0.1:443", "10.0.0.2:443", "index.internal:443"),
                        Arbitraries.of(true, false))
                .as(Wish::new)
                .list();
    }

    record Wish(String backend, String endpoint, boolean drained) {}
}
