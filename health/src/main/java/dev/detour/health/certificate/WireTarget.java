package dev.detour.health.certificate;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server to look at: where it listens, and what has to be said before it speaks TLS.
 *
 * @param host name or address that is connected to; an IPv6 literal without brackets
 * @param name what the server is called in the handshake, and what its certificate has to be for
 */
public record WireTarget(Protocol protocol, String host, int port, String name) {
    private static final Pattern SYNTAX =
            Pattern.compile("(?:([a-z]+)://)?(\\[[0-9a-fA-F:.]+]|[^\\s:/\\[\\]]+):(\\d{1,5})/?");
    private static final int LARGEST_PORT = 65_535;

    /** A server that is called what it is connected to by. */
    public WireTarget(Protocol protocol, String host, int port) {
        this(protocol, host, port, host);
    }

    /** What comes before the handshake. */
    public enum Protocol {
        /** Nothing: TLS from the first byte. */
        TLS,
        /** RFC 3207. */
        SMTP,
        /** The SSLRequest message of the frontend/backend protocol. */
        POSTGRES,
        /** RFC 4511 section 4.14. */
        LDAP
    }

    /**
     * A target as people write it: {@code host:port}, {@code smtp://host:25}, {@code postgres://host:5432},
     * {@code ldap://host:389}.
     *
     * @return null if the text is not of this form
     */
    public static @Nullable WireTarget parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        Protocol protocol = protocol(matcher.group(1));
        int port = Integer.parseInt(matcher.group(3));
        if (protocol == null || port == 0 || port > LARGEST_PORT) {
            return null;
        }
        String host = matcher.group(2);
        return new WireTarget(protocol, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }

    private static @Nullable Protocol protocol(@Nullable String scheme) {
        if (scheme == null) {
            return Protocol.TLS;
        }
        return switch (scheme) {
            case "tls", "https" -> Protocol.TLS;
            case "smtp" -> Protocol.SMTP;
            case "postgres", "postgresql" -> Protocol.POSTGRES;
            case "ldap" -> Protocol.LDAP;
            default -> null;
        };
    }

    @Override
    public String toString() {
        String place = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        return protocol == Protocol.TLS ? place : protocol.name().toLowerCase(Locale.ROOT) + "://" + place;
    }
}
