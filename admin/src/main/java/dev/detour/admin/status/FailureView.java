package dev.detour.admin.status;

import dev.detour.health.failure.Failure;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Failure} as JSON.
 *
 * @param label such as {@code refused}, {@code tls_expired}, {@code status_503}
 * @param detail one line for operators
 */
record FailureView(String label, String detail) {
    static @Nullable FailureView of(@Nullable Failure failure) {
        return failure == null ? null : new FailureView(failure.label(), failure.detail());
    }

    /** Both on one line; just one where the detail only says the label in other words. */
    @Override
    public String toString() {
        String plain = label.replace('_', ' ');
        return detail.isBlank() || detail.equals(plain) ? label : label + " (" + detail + ")";
    }
}
