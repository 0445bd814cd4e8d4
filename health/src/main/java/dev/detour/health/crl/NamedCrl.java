package dev.detour.health.crl;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A CRL at a URL that a certificate names (RFC 5280 4.2.1.13). Such URLs are the words of whoever the certificate is from: only
 * hosts on a list are asked, and one that is on it through a wildcard only at an address of the network, so that nobody has us
 * ask this machine or its neighbours' metadata service. A name that changes its address between the check and the
 * connection gets past the latter, as everywhere; the list is what protects.
 */
public final class NamedCrl implements CrlSource {
    private static final CrlDownload DOWNLOAD = new CrlDownload(64L << 20, Duration.ofSeconds(60), null);

    private static final int LARGEST_PORT = 65_535;

    private final String name;
    private final URI url;
    private final boolean literal;

    private NamedCrl(String name, URI url, boolean literal) {
        this.name = name;
        this.url = url;
        this.literal = literal;
    }

    /**
     * Those of {@code urls} that may be asked, each once.
     *
     * @param name of the source they all belong to
     * @param hosts exact names, or {@code *.} and what they end with
     */
    public static List<NamedCrl> of(String name, Collection<String> urls, List<String> hosts) {
        List<NamedCrl> allowed = new ArrayList<>();
        for (String text : new TreeSet<>(urls)) {
            URI url = web(text);
            if (url != null) {
                String host = url.getHost().toLowerCase(Locale.ROOT);
                boolean literal = hosts.stream().anyMatch(each -> each.equalsIgnoreCase(host));
                if (literal || hosts.stream().anyMatch(each -> isBelow(host, each))) {
                    allowed.add(new NamedCrl(name, url, literal));
                }
            }
        }
        return allowed;
    }

    private static boolean isBelow(String host, String pattern) {
        return pattern.startsWith("*.") && host.endsWith(pattern.substring(1).toLowerCase(Locale.ROOT));
    }

    /** LDAP and other schemes are passed over, and so is what hides where it leads. */
    private static @Nullable URI web(String text) {
        try {
            URI url = new URI(text);
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean port = url.getPort() != 0 && url.getPort() <= LARGEST_PORT;
            return web && port && url.getHost() != null && url.getRawUserInfo() == null ? url : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String place() {
        return url.toString();
    }

    @Override
    public CrlFacts read(CrlReader reader) throws IOException, CrlFormatException, InterruptedException {
        if (!literal) {
            refuseSpecialAddresses();
        }
        return DOWNLOAD.read(url, reader);
    }

    private void refuseSpecialAddresses() throws IOException {
        try {
            for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
                if (address.isLoopbackAddress()
                        || address.isLinkLocalAddress()
                        || address.isAnyLocalAddress()
                        || address.isMulticastAddress()) {
                    throw new IOException(url.getHost() + " is " + address.getHostAddress()
                            + " (expected: an address of the network, or the host listed by its full name)");
                }
            }
        } catch (UnknownHostException e) {
            throw new IOException("the host " + url.getHost() + " is not known", e);
        }
    }

    @Override
    public String toString() {
        return url.toString();
    }
}
