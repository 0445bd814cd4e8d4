package dev.detour.config;

/**
 * A host name or IP literal with a port.
 *
 * @param host name or address; an IPv6 literal without brackets
 * @param port 0 to 65535; 0 lets the kernel choose (listeners only)
 */
public record HostPort(String host, int port) {
    public HostPort {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
