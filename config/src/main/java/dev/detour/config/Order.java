package dev.detour.config;

import java.util.function.Function;

/**
 * Two settings of a section of which one bounds the other.
 *
 * @param lesser the key whose value may not be the larger one
 * @param greater the key that bounds it
 * @param relation how the lesser value has to be to the greater one, in words
 * @param apart whether they may not be equal either
 * @param written a value as the operator would write it
 */
record Order<T extends Comparable<T>>(
        String lesser, String greater, String relation, boolean apart, Function<T, String> written) {

    /** One setting that may be as large as another. */
    static <T extends Comparable<T>> Order<T> atMost(String lesser, String greater, Function<T, String> written) {
        return new Order<>(lesser, greater, "no larger than", false, written);
    }

    /** One setting that has to be smaller than another. */
    static <T extends Comparable<T>> Order<T> below(String lesser, String greater, Function<T, String> written) {
        return new Order<>(lesser, greater, "smaller than", true, written);
    }

    /** Reports values in the wrong order, at the key that the operator wrote: the other one may be a default. */
    void check(Section section, T less, T more) {
        int compared = less.compareTo(more);
        if (compared < 0 || (compared == 0 && !apart)) {
            return;
        }
        String expected = lesser + " " + relation + " " + greater + " (" + written.apply(more) + ")";
        if (section.has(lesser)) {
            section.problem(lesser, Problems.quoted(written.apply(less)), expected);
        } else {
            String value = Problems.quoted(written.apply(more)) + " with " + lesser + " " + written.apply(less);
            section.problem(greater, value, expected);
        }
    }
}
