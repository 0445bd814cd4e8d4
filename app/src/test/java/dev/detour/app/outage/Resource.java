package dev.detour.app.outage;

import dev.detour.app.demo.DemoFault;
import dev.detour.app.support.DemoSession;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * Something that installers ask for, and what they must get.
 *
 * @param path what is asked for
 * @param accept the Accept header
 * @param sha256 of the body, in hex, as the healthy index gave it
 */
record Resource(String path, String accept, String sha256) {
    static final String SIMPLE_JSON = "application/vnd.pypi.simple.v1+json";
    static final String SIMPLE_HTML = "application/vnd.pypi.simple.v1+html";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A bit of everything: project list, project pages, JSON API, a wheel and its metadata. */
    static List<Resource> mixture(DemoSession healthy) throws IOException {
        if (healthy.index().fault() != DemoFault.NONE) {
            throw new IllegalStateException("fault: " + healthy.index().fault() + " (expected: none yet)");
        }
        List<Resource> mixture = new ArrayList<>();
        try (RawClient client = RawClient.clear(healthy.port())) {
            mixture.add(learn(client, "/simple/", SIMPLE_JSON));
            mixture.add(learn(client, "/simple/demolib/", "text/html"));
            mixture.add(learn(client, "/simple/demolib/", SIMPLE_JSON));
            mixture.add(learn(client, "/simple/demoapp/", SIMPLE_HTML));
            mixture.add(learn(client, "/pypi/demolib/json", "*/*"));
            String wheel = wheel(client);
            mixture.add(learn(client, wheel, "*/*"));
            mixture.add(learn(client, wheel + ".metadata", "*/*"));
        }
        return List.copyOf(mixture);
    }

    private static String wheel(RawClient client) throws IOException {
        URI page = URI.create("/simple/demolib/");
        RawResponse answer =
                client.get(page.toString(), "Accept: " + SIMPLE_JSON).read();
        String url =
                JSON.readTree(answer.body()).path("files").path(0).path("url").asString();
        return page.resolve(url).getRawPath();
    }

    private static Resource learn(RawClient client, String path, String accept) throws IOException {
        RawResponse answer = client.get(path, "Accept: " + accept).read();
        if (answer.status() != 200 || !answer.complete() || !"backend".equals(answer.header("Detour-Source"))) {
            throw new AssertionError(path + ": " + answer + " (expected: a whole 200 from the backend)");
        }
        return new Resource(path, accept, answer.sha256());
    }

    /** Asks for it. */
    RawResponse get(RawClient client) throws IOException {
        return client.get(path, "Accept: " + accept).read();
    }

    /** What is wrong with this answer, or an empty text. */
    String complaint(RawResponse answer) {
        boolean right =
                answer.complete() && answer.status() == 200 && answer.sha256().equals(sha256);
        return right ? "" : path + " as " + accept + ": " + answer;
    }
}
