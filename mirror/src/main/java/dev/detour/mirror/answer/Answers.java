package dev.detour.mirror.answer;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorAnswer.Body;
import dev.detour.mirror.MirrorRequest;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Answers with the headers that clients of the index rely on, marked with the age of the copy and never cached unasked. */
public final class Answers {
    public static final Body NOTHING = new Body.Bytes(ByteBuffer.allocate(0).asReadOnlyBuffer());

    private Answers() {}

    /** Headers of every answer. */
    public static Map<String, String> common(Duration age) {
        Map<String, String> headers = new LinkedHashMap<>();
        // what a mirror says must not outlive the outage in somebody's cache
        headers.put("Cache-Control", "no-cache");
        headers.put("Age", Long.toString(age.toSeconds()));
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Access-Control-Allow-Origin", "*");
        return headers;
    }

    /** Headers of the answers of an API, with the index's own CORS set. */
    private static Map<String, String> api(Duration age) {
        Map<String, String> headers = common(age);
        headers.put(
                "Access-Control-Allow-Headers",
                "Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since");
        headers.put("Access-Control-Allow-Methods", "GET");
        headers.put("Access-Control-Max-Age", "86400");
        headers.put("Access-Control-Expose-Headers", "X-PyPI-Last-Serial");
        return headers;
    }

    public static void validators(Validators validators, Map<String, String> headers) {
        headers.put("ETag", validators.etag());
        headers.put("Last-Modified", HttpDate.format(validators.lastModified()));
    }

    public static MirrorAnswer page(Page page, MirrorRequest request, Duration age) {
        Map<String, String> headers = api(age);
        validators(page.validators(), headers);
        if (page.negotiated()) {
            headers.put("Vary", "Accept");
        }
        page.serial().ifPresent(serial -> headers.put("X-PyPI-Last-Serial", Long.toString(serial)));
        if (page.validators().notModified(request)) {
            return notModified(headers);
        }
        headers.put("Content-Type", page.contentType());
        return found(200, headers, page.size(), request, new Body.Bytes(page.body()));
    }

    /** A page that is a file: one too large for memory, sent as it is. */
    public static MirrorAnswer file(
            Path file,
            long length,
            String contentType,
            OptionalLong serial,
            Validators validators,
            MirrorRequest request,
            Duration age) {
        Map<String, String> headers = api(age);
        validators(validators, headers);
        headers.put("Vary", "Accept");
        serial.ifPresent(number -> headers.put("X-PyPI-Last-Serial", Long.toString(number)));
        if (validators.notModified(request)) {
            return notModified(headers);
        }
        headers.put("Content-Type", contentType);
        return found(200, headers, length, request, new Body.FileRange(file, 0, length));
    }

    public static MirrorAnswer notModified(Map<String, String> headers) {
        return new MirrorAnswer.Found(304, Collections.unmodifiableMap(headers), -1, new Body.None());
    }

    public static MirrorAnswer found(
            int status, Map<String, String> headers, long contentLength, MirrorRequest request, Body body) {
        return new MirrorAnswer.Found(
                status, Collections.unmodifiableMap(headers), contentLength, request.head() ? new Body.None() : body);
    }

    /** To a project's normalised name: 302, since clients keep a 301 for ever. */
    public static MirrorAnswer redirect(String normalised, MirrorRequest request, Duration age) {
        Map<String, String> headers = api(age);
        headers.put("Location", "../" + normalised + "/" + query(request.format()));
        return found(302, headers, 0, request, NOTHING);
    }

    private static String query(@Nullable String format) {
        return format == null
                ? ""
                : "?format=" + URLEncoder.encode(format, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
