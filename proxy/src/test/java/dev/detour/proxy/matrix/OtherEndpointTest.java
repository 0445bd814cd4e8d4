package dev.detour.proxy.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.proxy.ProxyDescription;
import dev.detour.proxy.RunningProxy;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import dev.detour.testkit.RequestHead;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every failure of the matrix beside a healthy endpoint: reads are answered by that one, and no write reaches the two of them
 * more than once, also where connections lie ready that were used before.
 */
class OtherEndpointTest {
    /** As endpoints take turns, each is asked first at least once. */
    private static final int REQUESTS = 2;

    private static final String SENT_TWICE = "a write was sent more than once: ";

    @TempDir
    static Path files = Path.of(".");

    private record Place(Breakage breakage, ApiColumn column, Line line) {}

    @TestFactory
    Stream<DynamicTest> readsAreAnsweredByTheOtherEndpointAndWritesAreSentOnce() throws Exception {
        MatrixFiles.write(files);
        FaultPage page = FaultPage.read();
        Map<Place, Callable<List<String>>> trials = new LinkedHashMap<>();
        for (Breakage breakage : Breakage.values()) {
            Line line = breakage.tlsOnly() ? Line.TLS_OPENSSL : Line.CLEAR;
            for (ApiColumn column : ApiColumn.values()) {
                Place place = new Place(breakage, column, line);
                trials.put(place, () -> problems(place, page.row(breakage)));
            }
        }
        Map<Place, List<String>> found;
        try (SideBySide pool = new SideBySide(Line.CLEAR.provider())) {
            found = pool.run(trials);
            for (Map.Entry<Place, List<String>> each : found.entrySet()) {
                Place place = each.getKey();
                // a busy machine may exceed a short limit at the healthy endpoint too; what was sent twice stays so
                if (place.breakage().timed()
                        && !each.getValue().isEmpty()
                        && each.getValue().stream().noneMatch(one -> one.startsWith(SENT_TWICE))) {
                    each.setValue(problems(place, page.row(place.breakage())));
                }
            }
        }
        return found.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(
                        name(each.getKey()),
                        () -> assertThat(each.getValue())
                                .as(name(each.getKey()))
                                .isEmpty()));
    }

    private static String name(Place place) {
        return place.breakage().label() + ", " + place.column().label() + ", "
                + place.line().label();
    }

    private static List<String> problems(Place place, FaultPage.Row row) throws IOException {
        List<String> problems = new ArrayList<>();
        boolean tls = place.line().backendTls();
        try (Site faulty = new Site(place.breakage().place(), tls);
                Site healthy = new Site(Breakage.Place.LOOPBACK, tls);
                RunningProxy proxy = described(place)
                        .endpoint(faulty.url())
                        .endpoint(healthy.url())
                        .start()) {
            answerWell(healthy);
            answerWell(faulty);
            useOnce(proxy);
            FakeBackend breaking = faulty.backend();
            if (breaking != null) {
                place.breakage().befall(breaking, place.column());
            }
            for (int i = 0; i < REQUESTS; i++) {
                ask(place, row, proxy, faulty, healthy, problems);
            }
            // an address that a name does not have cannot be met
            boolean exists = place.breakage() != Breakage.NO_SUCH_NAME;
            if (exists && !place.column().reads() && row.cell(place.column()).verdict() != Verdict.NONE) {
                // otherwise nothing was shown: a write takes a fresh connection, so the fault must have been met
                double met =
                        row.failures().stream().mapToDouble(proxy::attempts).sum();
                if (met == 0) {
                    problems.add("nobody met the fault");
                }
            }
        }
        return problems;
    }

    private static ProxyDescription described(Place place) throws IOException {
        return new Trial(place.breakage(), place.column(), place.line(), files)
                .described()
                .attempts(2);
    }

    private static void answerWell(Site site) {
        FakeBackend backend = site.backend();
        if (backend != null) {
            backend.answerBy(head -> columnOf(head).backendAnswer());
        }
    }

    private static ApiColumn columnOf(RequestHead head) {
        return Stream.of(ApiColumn.values())
                .filter(column ->
                        column.target().equals(head.target()) && column.method().equals(head.method()))
                .findFirst()
                .orElseThrow();
    }

    /** Leaves connections to both endpoints that were used before. */
    private static void useOnce(RunningProxy proxy) throws IOException {
        for (int i = 0; i < REQUESTS; i++) {
            proxy.get(ApiColumn.WEB.target());
        }
    }

    private static void ask(
            Place place, FaultPage.Row row, RunningProxy proxy, Site faulty, Site healthy, List<String> problems)
            throws IOException {
        ApiColumn column = place.column();
        Outcome alone = row.cell(column).outcome();
        String id = Trial.nextId();
        try (RawClient client = proxy.client()) {
            column.send(client, id);
            RawResponse response = client.read(column.method());
            boolean replaceable = alone == Outcome.MIRROR || alone == Outcome.REFUSAL;
            if (column.reads() && replaceable && !Answers.isBackends(response, column)) {
                problems.add("not answered by the other endpoint: " + response);
            }
            long sent = faulty.received(id) + healthy.received(id);
            if (!column.reads() && sent > 1) {
                problems.add(SENT_TWICE + sent + " times: " + response);
            }
            // an upload of which nothing was sent yet may go to the other endpoint, and does
            if (column == ApiColumn.UPLOAD && alone == Outcome.REFUSAL && healthy.received(id) != 1) {
                problems.add("the other endpoint did not get it: " + response);
            }
        }
    }
}
