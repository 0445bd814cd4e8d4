package dev.detour.mirror.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.store.ListEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ListingProperties {
    @Provide
    Arbitrary<List<ListEntry>> entries() {
        Arbitrary<String> names =
                Arbitraries.strings().withChars("a0-").ofMinLength(1).ofMaxLength(4);
        Arbitrary<OptionalLong> serials =
                Arbitraries.longs().between(0, 5).map(n -> n == 0 ? OptionalLong.empty() : OptionalLong.of(n));
        Arbitrary<String> texts = Arbitraries.of("{", "\"", "ä", "π", "😀", "x")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
        return names.flatMap(name ->
                        serials.flatMap(serial -> texts.map(text -> new ListEntry(name, serial, "{" + text + "}"))))
                .list()
                .ofMaxSize(40);
    }

    @Property(tries = 300)
    void entriesComeBackInOrderAndTheLastOfAName(@ForAll("entries") List<ListEntry> entries) {
        Listing listing = new Listing();
        SortedMap<String, ListEntry> expected = new TreeMap<>();
        for (ListEntry entry : entries) {
            listing.add(entry.project(), entry.serial(), entry.json());
            expected.put(entry.project(), entry);
        }

        listing.order();

        List<ListEntry> found = new ArrayList<>();
        for (int row = 0; row < listing.size(); row++) {
            found.add(listing.entry(row));
        }
        assertThat(found).containsExactlyElementsOf(expected.values());
    }

    @Property(tries = 300)
    void aNameIsFoundIfItIsThere(@ForAll("entries") List<ListEntry> entries) {
        Listing listing = new Listing();
        entries.forEach(entry -> listing.add(entry.project(), entry.serial(), entry.json()));
        listing.order();

        for (String name : List.of("a", "0", "-", "aa", "a-0", "zz", "a0-a")) {
            assertThat(listing.contains(name))
                    .isEqualTo(
                            entries.stream().anyMatch(entry -> entry.project().equals(name)));
        }
    }
}
