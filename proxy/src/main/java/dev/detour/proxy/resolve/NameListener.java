package dev.detour.proxy.resolve;

import java.net.InetAddress;
import java.util.List;

/** Hears what a host name stands for. Called on the event loop of the {@link NameWatch}. */
public interface NameListener {
    /**
     * The name has other addresses than before, or its first ones, or can be looked up again after a failure.
     *
     * @param addresses all A and AAAA records, distinct, IPv4 first, each in numeric order; never empty
     */
    void onAddresses(List<InetAddress> addresses);

    /**
     * A look-up failed, or did for one of the two families whose addresses were known. Addresses told earlier stay valid: a
     * dead name server must not empty a backend. Told once for as long as the reason stays the same.
     *
     * @param reason for people
     */
    void onFailure(String reason);
}
