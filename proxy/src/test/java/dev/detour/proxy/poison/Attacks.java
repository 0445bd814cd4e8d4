package dev.detour.proxy.poison;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The attacks that are known: unkeyed and duplicate headers, CPDoS, hosts, bodies, paths, queries, smuggling. */
final class Attacks {
    private static final List<Integer> OK = List.of(200);
    private static final List<Integer> REJECTED = List.of(400);
    private static final List<Integer> ANY = List.of();

    /** Headers that some framework takes its address, its scheme or its method from. */
    private static final List<String> REWRITING = List.of(
            "X-Forwarded-Host: evil.example",
            "X-Forwarded-Scheme: nothttps",
            "X-Forwarded-Proto: evil",
            "X-Forwarded-Protocol: evil",
            "X-Forwarded-Ssl: on",
            "X-Forwarded-Port: 1337",
            "X-Forwarded-Prefix: /evil",
            "X-Forwarded-Path: /evil",
            "X-Forwarded-Uri: /evil",
            "X-Forwarded-For: 10.6.6.6",
            "X-Forwarded-Server: evil.example",
            "X-Url-Scheme: evil",
            "Front-End-Https: on",
            "X-Real-IP: 10.6.6.6",
            "Forwarded: for=10.6.6.6;host=evil.example;proto=evil",
            "X-Host: evil.example",
            "X-Original-Host: evil.example",
            "X-HTTP-Host-Override: evil.example",
            "X-Original-URL: /simple/evil/",
            "X-Original-URI: /simple/evil/",
            "X-Rewrite-URL: /simple/evil/",
            "X-HTTP-Method-Override: DELETE",
            "X-HTTP-Method: DELETE",
            "X-Method-Override: DELETE",
            "X_Forwarded_Host: evil.example",
            "X_HTTP_Method_Override: DELETE",
            "X-Forwarded_Host: evil.example");

    private Attacks() {}

    /** On any page. */
    static List<Attack> onAnyPage() {
        List<Attack> attacks = new ArrayList<>();
        REWRITING.forEach(line -> attacks.add(Attack.headers(line, OK, line)));
        Stream.of(duplicates(), oversized(), hosts(), bodies(), targets(), smuggling(), partial(), hopByHop())
                .forEach(attacks::addAll);
        return attacks;
    }

    private static List<Attack> duplicates() {
        return List.of(
                Attack.headers("two Hosts", REJECTED, "Host: evil.example"),
                Attack.headers("two Hosts that agree", REJECTED, "Host: localhost"),
                Attack.headers("two Accepts", OK, "Accept: application/vnd.pypi.simple.v1+json", "Accept: text/html"),
                Attack.headers(
                        "two Accepts, the other way round",
                        OK,
                        "Accept: text/html",
                        "Accept: application/vnd.pypi.simple.v1+json"),
                Attack.headers("two Accept-Encodings", OK, "Accept-Encoding: evil", "Accept-Encoding: gzip"),
                Attack.headers("two Authorizations", OK, "Authorization: Basic eA==", "Authorization: Bearer evil"),
                Attack.headers("two Ranges", List.of(200, 206), "Range: bytes=0-1", "Range: bytes=2-3"),
                Attack.headers("two Cache-Controls", OK, "Cache-Control: no-cache", "Cache-Control: max-age=0"),
                Attack.headers("no-store twice", OK, "Cache-Control: no-store", "Cache-Control: no-store"),
                Attack.headers(
                        "two X-Forwarded-Hosts", OK, "X-Forwarded-Host: localhost", "X-Forwarded-Host: evil.example"),
                Attack.headers("two Accept-Languages", OK, "Accept-Language: fr", "Accept-Language: de"),
                Attack.headers("two Cookies", OK, "Cookie: a=evil", "Cookie: b=evil"));
    }

    /** CPDoS: headers that we let pass and the backend does not. */
    private static List<Attack> oversized() {
        List<Integer> theirs = List.of(200, 400, 431);
        return List.of(
                Attack.headers("one header of 64 KiB", List.of(431), "X-Oversized: " + "x".repeat(64 << 10)),
                Attack.headers("2,000 headers", List.of(431), ("X-Oversized: evil evil\r\n".repeat(2_000) + "X: x")),
                Attack.headers("a header of 20 KB (HHO)", theirs, "X-Oversized: " + "x".repeat(20_000)),
                Attack.headers("a bell in a header (HMC)", theirs, "X-Metachar: a\u0007b"),
                Attack.headers("an escape in a header (HMC)", theirs, "X-Metachar: a\u001bb"),
                Attack.headers("a carriage return in a header (HMC)", theirs, "X-Metachar: a\rb"),
                Attack.headers("a NUL in a header (HMC)", REJECTED, "X-Metachar: a\u0000b"),
                Attack.headers("a type of no body", List.of(200, 415), "Content-Type: evil"));
    }

    private static List<Attack> hosts() {
        List<Attack> attacks = new ArrayList<>();
        List.of(
                        "evil.example",
                        "LOCALHOST",
                        "localhost:80",
                        "localhost:443",
                        "LocalHost:443",
                        "localhost:1337",
                        "localhost:",
                        "localhost.")
                .forEach(host -> {
                    attacks.add(Attack.raw("Host: " + host, OK, path -> Attack.head("GET " + path, host)));
                    attacks.add(Attack.raw(
                            "absolute target of " + host,
                            OK,
                            path -> Attack.head("GET http://" + host + path, "localhost")));
                    attacks.add(Attack.raw(
                            "absolute target, Host: " + host,
                            OK,
                            path -> Attack.head("GET http://localhost" + path, host)));
                });
        attacks.add(Attack.raw(
                "absolute target of https", OK, path -> Attack.head("GET https://localhost" + path, "localhost")));
        attacks.add(Attack.raw(
                "absolute target with a user", REJECTED, path -> Attack.head("GET http://evil@localhost" + path, "x")));
        attacks.add(Attack.raw(
                "no Host, HTTP/1.0", OK, path -> "GET " + path + " HTTP/1.0\r\nX-Forwarded-Host: evil\r\n\r\n"));
        return attacks;
    }

    private static List<Attack> bodies() {
        return List.of(
                Attack.raw(
                        "a GET with a body",
                        OK,
                        path -> Attack.head("GET " + path, "localhost", "Content-Length: 6") + "q=evil"),
                Attack.raw(
                        "a GET with a body in chunks",
                        OK,
                        path -> Attack.head("GET " + path, "localhost", "Transfer-Encoding: chunked")
                                + "6\r\nq=evil\r\n0\r\n\r\n"),
                Attack.raw(
                        "a GET with an empty body in chunks",
                        OK,
                        path -> Attack.head("GET " + path, "localhost", "Transfer-Encoding: chunked") + "0\r\n\r\n"),
                Attack.headers("a GET with a length of 0", OK, "Content-Length: 0"),
                Attack.raw(
                        "a HEAD with a body",
                        OK,
                        path -> Attack.head("HEAD " + path, "localhost", "Content-Length: 6") + "q=evil"),
                Attack.raw("a HEAD", OK, path -> Attack.head("HEAD " + path, "localhost", "X-Evil: evil")),
                Attack.raw("OPTIONS", OK, path -> Attack.head("OPTIONS " + path, "localhost")),
                Attack.raw("TRACE", ANY, path -> Attack.head("TRACE " + path, "localhost", "X-Evil: evil")),
                Attack.raw(
                        "a write without a body",
                        List.of(405),
                        path -> Attack.head("POST " + path, "localhost", "Content-Length: 0")),
                Attack.raw("an unknown method", List.of(405), path -> Attack.head("EVIL " + path, "localhost")),
                Attack.raw("a method in small letters", List.of(405), path -> Attack.head("get " + path, "localhost")));
    }

    private static List<Attack> targets() {
        List<Attack> attacks = new ArrayList<>();
        targets(attacks, OK, path -> path + "%2f..", path -> path + "..%2fevil", path -> "/" + path);
        targets(attacks, OK, path -> path.replaceFirst("(.)/", "$1//"), path -> path + ";a", path -> path + "/;a");
        targets(attacks, OK, path -> chop(path) + ";a=evil", path -> path + "%00", path -> chop(path) + "%00/");
        targets(attacks, OK, path -> path + "%252e%252e/", path -> path + "%252f..", path -> path + "%c0%ae%c0%ae/");
        targets(attacks, ANY, path -> encodedLast(path, "%%%02X"), path -> encodedLast(path, "%%%02x"));
        targets(attacks, OK, path -> path + "%7Ex", path -> path + "%7ex", path -> path + "%", path -> path + "%zz");
        targets(attacks, OK, path -> path.replaceFirst("(.)/", "$1\\\\"), path -> path + "..\\evil");
        targets(
                attacks,
                OK,
                path -> path + "%0d%0aX-Evil:%20evil",
                path -> path + "%23evil",
                path -> path + "%3fx=evil");
        targets(attacks, REJECTED, path -> path + "#evil", path -> path + "?x#evil", path -> below(path) + "../evil/");
        targets(
                attacks,
                REJECTED,
                path -> below(path) + "%2e%2e/evil/",
                path -> below(path) + "./",
                path -> path + "\u00e9");
        targets(
                attacks,
                REJECTED,
                path -> path + "\tevil",
                path -> "*",
                path -> chop(path).substring(1));
        targets(attacks, ANY, path -> path.toUpperCase(Locale.ROOT), Attacks::upperCaseName, Attacks::chop);
        targets(
                attacks,
                ANY,
                path -> path + "?",
                path -> path + "?evil",
                path -> path + "?q=evil",
                path -> path + "??");
        targets(attacks, ANY, path -> path + "?_method=DELETE", path -> path + "?format=evil", path -> path + "?%");
        targets(attacks, ANY, path -> path + "?a;format=evil", path -> path + "?a=1;b=evil", path -> path + "?&&");
        attacks.add(Attack.target("a query of 6 KB", ANY, path -> path + "?" + "x".repeat(6_000)));
        attacks.add(Attack.target("a target of 9 KB", List.of(414), path -> path + "?" + "x".repeat(9_000)));
        return attacks;
    }

    @SafeVarargs
    private static void targets(List<Attack> attacks, List<Integer> statuses, UnaryOperator<String>... changes) {
        for (UnaryOperator<String> change : changes) {
            attacks.add(Attack.target(change.apply("/simple/x/"), statuses, change));
        }
    }

    private static String below(String path) {
        return path.endsWith("/") ? path : path + "/";
    }

    private static String chop(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** With the last letter spelled another way. */
    private static String encodedLast(String path, String form) {
        int at = path.endsWith("/") ? path.length() - 2 : path.length() - 1;
        return path.substring(0, at) + String.format(Locale.ROOT, form, (int) path.charAt(at)) + path.substring(at + 1);
    }

    private static String upperCaseName(String path) {
        int at = path.indexOf('/', 1) + 1;
        return path.substring(0, at) + Character.toUpperCase(path.charAt(at)) + path.substring(at + 1);
    }

    private static List<Attack> smuggling() {
        List<Attack> attacks = new ArrayList<>();
        for (String framing : List.of(
                "Content-Length: 6\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 6",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
                "Transfer-Encoding: \u000bchunked",
                "Content-Length: 6\r\nContent-Length: 0",
                "Content-Length: 0x6",
                "Content-Length: 6, 6",
                "Content-Length: +6")) {
            String name = framing.replace("\r\n", " | ").replace("\u000b", "\\v");
            attacks.add(Attack.raw(
                    name,
                    REJECTED,
                    path -> Attack.head("GET " + path, "localhost", framing) + "0\r\n\r\nX"
                            + Attack.head("GET " + path + "?smuggled", "evil.example")));
        }
        attacks.add(Attack.raw(
                "a request inside of a body", OK, path -> withBody(path, Attack.head("GET " + path, "evil.example"))));
        attacks.add(Attack.raw(
                "a request behind a request",
                OK,
                path -> Attack.head("GET " + path + "evil", "localhost")
                        + Attack.head("GET " + path, "localhost", "X-Forwarded-Host: evil.example")));
        return attacks;
    }

    private static String withBody(String path, String body) {
        return Attack.head("GET " + path, "localhost", "Content-Length: " + body.length()) + body;
    }

    /** Answers that are not the whole page. */
    private static List<Attack> partial() {
        List<Integer> part = List.of(200, 206, 416);
        return List.of(
                Attack.headers("a part", part, "Range: bytes=0-1"),
                Attack.headers("the last part", part, "Range: bytes=-1"),
                Attack.headers("a part beyond the end", part, "Range: bytes=999999-"),
                Attack.headers("many parts", part, "Range: bytes=0-,0-,0-,0-,0-"),
                Attack.headers("a part of no unit", part, "Range: cows=1-2"),
                Attack.headers("a part if it is the same", part, "Range: bytes=0-1", "If-Range: \"e\""),
                Attack.headers("a part if it is another", part, "Range: bytes=0-1", "If-Range: \"x\""),
                Attack.headers("what I have not", List.of(304), "If-None-Match: \"e\""),
                Attack.headers("anything I have not", List.of(304), "If-None-Match: *"),
                Attack.headers("what has another tag", OK, "If-None-Match: \"other\""),
                Attack.headers("only that tag", List.of(200, 412), "If-Match: \"other\""),
                Attack.headers(
                        "what is newer than tomorrow",
                        List.of(200, 304),
                        "If-Modified-Since: Tue, 01 Jan 2999 00:00:00 GMT"),
                Attack.headers("what was kept only", List.of(200, 504), "Cache-Control: only-if-cached"),
                Attack.headers("a login", OK, "Authorization: Basic ZXZpbA=="),
                Attack.headers("another login", OK, "Proxy-Authorization: Basic ZXZpbA=="),
                Attack.headers("a cookie", OK, "Cookie: session=evil"),
                Attack.headers("a language", OK, "Accept-Language: evil"));
    }

    private static List<Attack> hopByHop() {
        List<Attack> attacks = new ArrayList<>();
        List.of(
                        "Connection: Host",
                        "Connection: X-Forwarded-For, X-Forwarded-Host",
                        "Connection: Via, X-Request-Id",
                        "Connection: Content-Length, Transfer-Encoding",
                        "Connection: close, Cookie",
                        "Connection: Authorization\r\nAuthorization: Basic ZXZpbA==",
                        "Connection: Cookie\r\nCookie: session=evil",
                        "Connection: Range\r\nRange: bytes=0-1",
                        "Connection: Cache-Control\r\nCache-Control: no-store",
                        "Connection: Upgrade\r\nUpgrade: websocket",
                        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
                        "Upgrade: evil",
                        "Proxy-Connection: evil",
                        "Keep-Alive: evil",
                        "TE: trailers, evil",
                        "Expect: 100-continue",
                        "Trailer: X-Evil")
                .forEach(lines -> attacks.add(Attack.headers(lines.replace("\r\n", " | "), List.of(200, 206), lines)));
        attacks.add(Attack.headers("Expect: evil", List.of(200, 417), "Expect: evil"));
        return attacks;
    }

    /** On what only pages for people have: queries, languages, cookies. */
    static List<Attack> onPagesForPeople() {
        List<Attack> attacks = new ArrayList<>();
        for (String query : List.of(
                "?q=good&q=evil",
                "?q=good;q=evil",
                "?q=good%26q=evil",
                "?q=good&Q=evil",
                "?q=good&utm_content=x;q=evil",
                "?q=good&%71=evil",
                "?q=go%6Fd",
                "?q=good&",
                "?&q=good",
                "?q=good%00",
                "?q=good#evil",
                "?callback=evil&q=good")) {
            attacks.add(
                    Attack.target("query " + query, ANY, path -> path + query).onQuery("?q=good"));
        }
        attacks.add(Attack.target("parameters in another order", OK, path -> path + "?b=2&a=1")
                .onQuery("?a=1&b=2"));
        for (String line : List.of("Cookie: session=mine", "Accept-Language: fr", "Accept-Encoding: gzip")) {
            String name = line.substring(0, line.indexOf(':'));
            attacks.add(Attack.headers("my " + name + " named away", OK, "Connection: " + name, line)
                    .onThoseWith(line));
            attacks.add(Attack.headers("more of my " + name, OK, line, name + ": evil")
                    .onThoseWith(line));
        }
        return attacks;
    }

    /** On Simple pages whose form is asked for in the query. */
    static List<Attack> onFormsOfPages() {
        String mine = "?format=application/vnd.pypi.simple.v1%2Bjson";
        List<Attack> attacks = new ArrayList<>();
        for (String query : List.of(
                mine + "&evil",
                mine + "&format=text/html",
                mine + ";format=text/html",
                "?evil&" + mine.substring(1),
                "?evil;" + mine.substring(1),
                "?format=application/vnd.pypi.simple.latest+json",
                "?format=text/html&" + mine.substring(1))) {
            attacks.add(
                    Attack.target("query " + query, OK, path -> path + query).onQuery(mine));
            attacks.add(Attack.target("query " + query + ", on those without", OK, path -> path + query));
        }
        return attacks;
    }
}
