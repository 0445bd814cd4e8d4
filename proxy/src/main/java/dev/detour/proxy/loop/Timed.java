package dev.detour.proxy.loop;

/** Something with at most one deadline at a time. */
public interface Timed {
    /**
     * Called on the event loop at every tick of the {@link Sweep} it is registered with.
     *
     * @param nowNanos the loop's clock
     */
    void onTick(long nowNanos);
}
