package dev.detour.app.demo;

import java.util.function.Consumer;

/**
 * The switch by which a second terminal breaks and heals the running demo.
 *
 * <p>It takes and gives plain text, so that any transport (the admin listener, a socket, a test) can carry it.
 */
public final class FaultSwitch {
    private final Consumer<DemoFault> target;

    /** A switch that hands the fault to {@code target}, in the demo {@code index::setFault}. */
    public FaultSwitch(Consumer<DemoFault> target) {
        this.target = target;
    }

    /**
     * Puts the fault with this label in force and returns a sentence that says so.
     *
     * @throws IllegalArgumentException if no fault has this label, or this index cannot have it; the message is for the user
     */
    public String apply(String label) {
        DemoFault fault = DemoFault.parse(label);
        target.accept(fault);
        return fault == DemoFault.NONE
                ? "The demo index is healthy again: it " + fault.effect() + "."
                : "The demo index is broken (" + fault.label() + "): it " + fault.effect() + ".";
    }
}
