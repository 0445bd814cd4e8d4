package dev.detour.mirror.audit;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The index, as far as an audit asks it. */
public interface IndexPages {
    /** Fetches a project's page. Blocks; never fails otherwise than by its answer. */
    Answer page(String project);

    /** What the index said. */
    sealed interface Answer {
        /**
         * A page.
         *
         * @param json canonical
         * @param serial its own, or empty
         * @param etag or null
         */
        @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
        record Page(
                byte[] json, OptionalLong serial, @Nullable String etag) implements Answer {}

        /** The index has no such project. */
        record Gone() implements Answer {}

        /** It could not be told. */
        record Failed(String detail) implements Answer {}
    }
}
