package dev.detour.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class FileRangeProperties {

    @Property
    void closedRangeHoldsTheBytesBetweenItsEnds(
            @ForAll @IntRange(max = 300) int first,
            @ForAll @IntRange(max = 300) int last,
            @ForAll @IntRange(max = 200) int size) {
        FileRange range = FileRange.of("bytes=" + first + "-" + last, size);

        for (int offset = 0; offset < 310; offset++) {
            boolean inside = offset >= range.first() && offset < range.end();
            assertThat(inside).isEqualTo(offset >= first && offset <= last && offset < size);
        }
        assertThat(range.satisfiable()).isEqualTo(first <= last && first < size);
    }

    @Property
    void suffixRangeHoldsTheLastBytes(@ForAll @IntRange(max = 300) int suffix, @ForAll @IntRange(max = 200) int size) {
        FileRange range = FileRange.of("bytes=-" + suffix, size);

        assertThat(Math.max(0, range.end() - range.first())).isEqualTo(Math.min(suffix, size));
        assertThat(range.satisfiable()).isEqualTo(suffix > 0 && size > 0);
    }

    @Property
    void openRangeHoldsTheRest(@ForAll @IntRange(max = 300) int first, @ForAll @IntRange(max = 200) int size) {
        FileRange range = FileRange.of("bytes=" + first + "-", size);

        assertThat(Math.max(0, range.end() - range.first())).isEqualTo(Math.max(0, size - first));
    }

    @Example
    void onlyOneRangeOfBytesIsHonoured() {
        assertThat(FileRange.isSingle("bytes=0-1")).isTrue();
        assertThat(FileRange.isSingle("bytes=0-1,3-4")).isFalse();
        assertThat(FileRange.isSingle("bytes=-")).isFalse();
        assertThat(FileRange.isSingle("items=0-1")).isFalse();
        assertThat(FileRange.isSingle("")).isFalse();
    }
}
