package dev.detour.mirror.capture;

import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.page.ProjectPage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Answers of an index, as they pass by. */
final class Passing {
    static final String SIMPLE = "application/vnd.pypi.simple.v1+json";

    private Passing() {}

    /** A page with one file for each version; what makes it differ from others with the same serial is {@code requires}. */
    static byte[] page(String project, long serial, String requires, String... versions) {
        StringBuilder files = new StringBuilder();
        for (String version : versions) {
            String filename = project + "-" + version + ".tar.gz";
            files.append(files.isEmpty() ? "" : ",")
                    .append("{\"filename\":\"" + filename + "\",\"hashes\":{\"sha256\":\"" + "0".repeat(64) + "\"},"
                            + "\"provenance\":\"https://index.example/integrity/" + project + "/" + version + "/"
                            + filename + "/provenance\",\"requires-python\":\"" + requires
                            + "\",\"url\":\"https://files.example/packages/" + filename + "\"}");
        }
        return ProjectPage.parse(bytes("{\"files\":[" + files + "],\"meta\":{\"_last-serial\":" + serial
                        + ",\"api-version\":\"1.4\"},\"name\":\"" + project + "\"}"))
                .json();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static CapturedAnswer simple(String project, byte[] body) {
        return of(new MirrorResource.SimpleProject(project), SIMPLE, null, null, body, HandClock.NOON);
    }

    static CapturedAnswer document(MirrorResource resource, String json) {
        return of(resource, "application/json", null, null, bytes(json), HandClock.NOON);
    }

    static CapturedAnswer of(
            MirrorResource resource,
            String type,
            @Nullable String coding,
            @Nullable String serial,
            byte[] body,
            Instant at) {
        return new CapturedAnswer(resource, type, coding, "\"tag\"", serial, ByteBuffer.wrap(body), at);
    }
}
