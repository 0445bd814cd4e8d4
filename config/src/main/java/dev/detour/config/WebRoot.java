package dev.detour.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** URLs below which something is found: they are read with a final slash, whether it was written or not. */
final class WebRoot {
    /** The root of an index or a tree. People write the URL of its Simple API instead, for which pip asks them. */
    static final Notation<URI> INDEX = new Notation<>(
            "an http or https URL such as https://index.example.org/, without simple/, query or user",
            text -> index(text));

    /** The root of some HTTP service, below which its API is. */
    static final Notation<URI> SERVICE = new Notation<>(
            "an http or https URL such as https://vault.example.org:8200, without query or user",
            text -> service(text));

    /** One resource. */
    static final Notation<URI> PAGE = new Notation<>(
            "an http or https URL such as https://example.org/hook, without user or fragment", text -> page(text));

    /** Where generations are published. */
    static final Notation<URI> PUBLISHED = new Notation<>(
            "an http or https URL such as https://mirror.example.org/pypi/, without query or user, or file:///DIR/",
            text -> published(text));

    /** Stands in for a URL that cannot be read. */
    static final URI BROKEN = URI.create("http://broken.invalid/");

    private WebRoot() {}

    private static @Nullable URI index(String text) {
        URI uri = parsed(text);
        return uri != null && isWeb(uri) && !uri.getPath().endsWith("/simple/") ? uri : null;
    }

    private static @Nullable URI service(String text) {
        URI uri = parsed(text);
        return uri != null && isWeb(uri) ? uri : null;
    }

    private static @Nullable URI page(String text) {
        try {
            URI uri = new URI(text);
            boolean plain = uri.getRawFragment() == null && uri.getRawUserInfo() == null;
            return plain && isWeb(uri) && text.equals(uri.toASCIIString()) ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static @Nullable URI published(String text) {
        URI uri = parsed(text);
        return uri != null && (isWeb(uri) || isLocal(uri)) ? uri : null;
    }

    private static @Nullable URI parsed(String text) {
        try {
            URI uri = new URI(text.endsWith("/") ? text : text + "/");
            boolean plain = uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
            return plain && uri.getRawPath() != null && text.equals(new URI(text).toASCIIString()) ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static boolean isWeb(URI uri) {
        return (isScheme(uri, "https") || isScheme(uri, "http"))
                && uri.getHost() != null
                && uri.getPort() != 0
                && uri.getPort() <= 65_535;
    }

    private static boolean isLocal(URI uri) {
        return isScheme(uri, "file")
                && uri.getRawAuthority() == null
                && uri.getPath().startsWith("/");
    }

    private static boolean isScheme(URI uri, String scheme) {
        return uri.getScheme() != null
                && uri.getScheme().toLowerCase(Locale.ROOT).equals(scheme);
    }
}
