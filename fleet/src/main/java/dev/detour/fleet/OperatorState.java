package dev.detour.fleet;

import dev.detour.config.mode.Drains;
import dev.detour.config.mode.ModeRule;
import dev.detour.config.mode.Modes;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The operator's decisions in force, and the one place that changes them. */
public interface OperatorState extends AutoCloseable {

    /** The modes in force now. Never blocks and may be called on an event loop. */
    Modes modes();

    /**
     * Puts {@code rule} in place of any rule for the same scope. It is durable before it is in force; blocks for as long
     * as that takes.
     *
     * @throws IOException if the rule could not be made durable; the modes in force are then what they were, and the
     *     message is one line for the operator
     */
    void set(ModeRule rule) throws IOException;

    /**
     * Calls {@code listener} at once with the modes in force, and after every change from then on, in the order of the
     * changes. The listener is called on the thread that made the change, must return quickly, and must not change
     * anything here.
     */
    void onChange(Consumer<Modes> listener);

    /** The drains in force now. Never blocks and may be called on an event loop. */
    Drains drains();

    /**
     * Drains an endpoint or ends its drain, if the drains are still those that the caller decided on. Like {@link #set} it is
     * durable before it is in force. What is so already changes nothing: neither the version nor the reason given first.
     *
     * @param endpoint {@code host:port} as configured or as connected to; not checked here
     * @param reason why, for other operators; or null
     * @param expectedVersion the version of the drains that the caller has seen, or null to change them whatever they are
     * @return the drains then in force
     * @throws ConflictException if another version is in force; nothing was changed
     * @throws IOException if the change could not be made durable; the drains in force are then what they were, and the
     *     message is one line for the operator
     */
    Drains drain(
            String backend, String endpoint, boolean drained, @Nullable String reason, @Nullable Long expectedVersion)
            throws IOException, ConflictException;

    /** Calls {@code listener} at once with the drains in force and after every change, under the rules of {@link #onChange}. */
    void onDrains(Consumer<Drains> listener);

    /**
     * Stops changes: rules no longer end by themselves, {@link #set} and {@link #drain} fail. What is in force stays
     * readable.
     */
    @Override
    void close();
}
