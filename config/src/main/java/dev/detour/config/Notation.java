package dev.detour.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a kind of single value is written.
 *
 * @param expected what it looks like, for messages
 * @param parse the value, or null if the text is not in this notation
 */
record Notation<T>(String expected, Function<String, @Nullable T> parse) {
    static final Notation<java.time.Duration> DURATION = new Notation<>(Units.DURATION, Units::findDuration);
    static final Notation<java.time.Duration> SPAN = new Notation<>(Units.SPAN, Units::findSpan);
    static final Notation<Long> SIZE = new Notation<>(Units.SIZE, Units::findSize);
    static final Notation<Double> SHARE = new Notation<>(Units.SHARE, Units::findShare);
    static final Notation<Double> PART = new Notation<>(Units.PART, Units::findPart);

    static final Notation<HostPort> ADDRESS =
            new Notation<>("an address such as 127.0.0.1:8080 or [::1]:8080", text -> hostPort(text, 0));

    static final Notation<HostPort> NAME_SERVER = new Notation<>(
            "an IP address, with a port if it is not 53, such as 10.0.0.2 or [2001:db8::1]:5353", Notation::nameServer);

    static final Notation<BackendConfig.Endpoint> ENDPOINT =
            new Notation<>("http://HOST:PORT or https://HOST:PORT, without path, query or user", Notation::endpoint);

    static final Notation<String> HOST =
            new Notation<>("a host name or address without port", text -> isHost(text) ? lower(text) : null);

    /* Names become metric labels, command line arguments and parts of URLs. */
    static final Notation<String> NAME =
            matching("a name of letters, digits, '.', '_' and '-'", "[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    static final Notation<String> METHOD = matching("an upper-case HTTP method such as GET", "[A-Z][A-Z0-9-]*");

    static final Notation<String> HEADER_VALUE = matching(
            "a header value, * for \"present\", or a beginning followed by *",
            "[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?");

    static final Notation<String> PARAMETER_VALUE = new Notation<>("a value, or * for \"present\"", text -> text);

    static final Notation<String> URL_PATH = matching("a path such as /_health/", "/[\\x21\\x22\\x24-\\x7e]*");

    static final Notation<String> STATUS_URL = new Notation<>(
            "an http or https URL of at most 150 ASCII characters, such as https://status.example.org/",
            text -> isWebPage(text) ? text : null);

    static final Notation<String> PATH_TEMPLATE = new Notation<>(
            "a path such as /docs/{page}/ or /docs/**: {name} stands for one whole segment, ** for the rest at the end",
            text -> isTemplate(text) ? text : null);

    static final Notation<Boolean> FLAG = oneOf(new Boolean[] {true, false}, String::valueOf);

    static final Notation<ApiClass> API_CLASS = oneOf(ApiClass.values(), ApiClass::label);

    static final Notation<Fallback> FALLBACK = oneOf(Fallback.values(), Fallback::label);

    private static final int DNS_PORT = 53;
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[^\\[\\]]+]|[^:\\[\\]]+):(\\d{1,5})");
    private static final Pattern HOST_LABELS =
            Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*");
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.|$)){4}");
    private static final Pattern LITERAL = Pattern.compile("[^\\s{}*?#\\p{Cntrl}]*");
    private static final Pattern VARIABLE = Pattern.compile("\\{[a-z][a-z0-9_]*}");

    /** A whole number within bounds. */
    static Notation<Integer> number(int least, int most) {
        String bounds = most == Integer.MAX_VALUE ? "at least " + least : "from " + least + " to " + most;
        return new Notation<>("a whole number, " + bounds, text -> {
            if (!text.matches("\\d{1,10}")) {
                return null;
            }
            long number = Long.parseLong(text);
            return number >= least && number <= most ? Integer.valueOf((int) number) : null;
        });
    }

    /** One of a few words. */
    static <T> Notation<T> oneOf(T[] values, Function<T, String> label) {
        Map<String, T> byLabel = new LinkedHashMap<>();
        for (T value : values) {
            byLabel.put(label.apply(value), value);
        }
        return new Notation<>("one of " + String.join(", ", byLabel.keySet()), byLabel::get);
    }

    /** Whether it is a token of RFC 9110, which is what header names are. */
    static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    /** A text that matches a regular expression as a whole. */
    static Notation<String> matching(String expected, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return new Notation<>(expected, text -> pattern.matcher(text).matches() ? text : null);
    }

    private static @Nullable HostPort hostPort(String text, int leastPort) {
        Matcher parts = HOST_AND_PORT.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        String written = parts.group(1);
        boolean bracketed = written.startsWith("[");
        String host = bracketed ? written.substring(1, written.length() - 1) : written;
        int port = Integer.parseInt(parts.group(2));
        boolean fits = port >= leastPort && port <= 65_535 && (bracketed ? isIpv6(host) : isHost(host));
        return fits ? new HostPort(host, port) : null;
    }

    private static BackendConfig.@Nullable Endpoint endpoint(String text) {
        boolean secure = text.startsWith("https://");
        if (!secure && !text.startsWith("http://")) {
            return null;
        }
        String authority = text.substring(secure ? 8 : 7);
        boolean hasPort = authority.indexOf(':', authority.lastIndexOf(']') + 1) >= 0;
        HostPort address = hostPort(hasPort ? authority : authority + (secure ? ":443" : ":80"), 1);
        return address == null ? null : new BackendConfig.Endpoint(secure, address);
    }

    private static @Nullable HostPort nameServer(String text) {
        boolean bare = isIpv4(text) || isIpv6(text);
        HostPort server =
                bare ? new HostPort(text, DNS_PORT) : hostPort(text.endsWith("]") ? text + ":" + DNS_PORT : text, 1);
        return server != null && (isIpv4(server.host()) || isIpv6(server.host())) ? server : null;
    }

    private static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches() && !text.endsWith(".");
    }

    private static boolean isHost(String text) {
        if (text.length() > 253) {
            return false;
        }
        /* What looks like an IPv4 address has to be one: resolvers would take 10.0.0.999 for a name, and fail late. */
        if (text.matches("[0-9.]+")) {
            return isIpv4(text);
        }
        return HOST_LABELS.matcher(text).matches();
    }

    private static boolean isIpv6(String text) {
        if (text.indexOf(':') < 0) {
            return false;
        }
        try {
            /* In brackets it is taken for a literal and never looked up. */
            InetAddress.getByName("[" + text + "]");
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isWebPage(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme();
            return text.length() <= 150
                    && text.equals(uri.toASCIIString())
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && ("https".equals(scheme) || "http".equals(scheme));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isTemplate(String text) {
        if (!text.startsWith("/")) {
            return false;
        }
        String[] segments = text.substring(1).split("/", -1);
        Set<String> variables = new HashSet<>();
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            boolean last = i == segments.length - 1;
            boolean dots = segment.equals(".") || segment.equals("..");
            boolean rest = segment.equals("**") && last;
            boolean literal = LITERAL.matcher(segment).matches() && !dots && (last || !segment.isEmpty());
            boolean variable = VARIABLE.matcher(segment).matches() && variables.add(segment);
            if (!rest && !literal && !variable) {
                return false;
            }
        }
        return true;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
