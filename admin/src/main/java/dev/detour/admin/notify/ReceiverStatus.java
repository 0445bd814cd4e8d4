package dev.detour.admin.notify;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How it goes with one receiver.
 *
 * @param lastSuccess when it last accepted something since the start; null if it never has
 * @param failingSince when the first of the failures happened that lasts; null if the last message was accepted
 * @param lastError why the last message was not accepted, on one line; null if it was
 * @param pending alarms that it is to be told and has not accepted yet
 */
public record ReceiverStatus(
        String name,
        @Nullable Instant lastSuccess,
        @Nullable Instant failingSince,
        @Nullable String lastError,
        int pending) {}
