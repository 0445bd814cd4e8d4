package dev.detour.health.certificate;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a certificate is for a host, by RFC 9525: subject alternative names alone, a wildcard only as the whole
 * leftmost label, where it stands for exactly one.
 */
final class HostNames {
    private static final Integer DNS_NAME = 2;
    private static final Integer IP_ADDRESS = 7;

    private HostNames() {}

    static boolean match(X509Certificate certificate, String host) {
        byte[] address = address(host);
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null
                    && names.stream()
                            .anyMatch(name -> address == null ? dnsMatches(name, host) : addressMatches(name, address));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static boolean addressMatches(List<?> name, byte[] address) {
        return name.get(0).equals(IP_ADDRESS)
                && name.get(1) instanceof String text
                && Arrays.equals(address(text), address);
    }

    private static boolean dnsMatches(List<?> name, String host) {
        if (!name.get(0).equals(DNS_NAME) || !(name.get(1) instanceof String text)) {
            return false;
        }
        String wanted = canonical(host);
        String given = canonical(text);
        if (!given.startsWith("*.")) {
            return given.equals(wanted);
        }
        String parent = given.substring(1);
        int dot = wanted.indexOf('.');
        // a wildcard right below a top-level domain would be for everybody
        return dot > 0 && parent.indexOf('.', 1) > 0 && wanted.substring(dot).equals(parent);
    }

    private static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String rooted = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        if (rooted.chars().allMatch(c -> c < 0x80)) {
            return rooted;
        }
        try {
            return IDN.toASCII(rooted);
        } catch (IllegalArgumentException e) {
            return rooted;
        }
    }

    /** The bytes of an IP literal, or null for a name; never asks a resolver. */
    static byte @Nullable [] address(String host) {
        boolean literal = host.indexOf(':') >= 0 || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        try {
            return literal ? InetAddress.getByName(host).getAddress() : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
