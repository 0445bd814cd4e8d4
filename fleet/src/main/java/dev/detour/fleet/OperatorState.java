package dev.detour.fleet;

import dev.detour.config.mode.ModeRule;
import dev.detour.config.mode.Modes;
import java.io.IOException;
import java.util.function.Consumer;

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
     * changes. The listener is called on the thread that made the change, must return quickly, and must not call
     * {@link #set}.
     */
    void onChange(Consumer<Modes> listener);

    /** Stops changes: rules no longer end by themselves and {@link #set} fails. {@link #modes} stays readable. */
    @Override
    void close();
}
