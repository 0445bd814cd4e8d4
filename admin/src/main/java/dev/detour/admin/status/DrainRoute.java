package dev.detour.admin.status;

import dev.detour.admin.AdminRequest;
import dev.detour.admin.AdminResponse;
import dev.detour.admin.ProblemException;
import dev.detour.admin.RequestFields;
import dev.detour.config.mode.Drains;
import dev.detour.fleet.ConflictException;
import dev.detour.fleet.OperatorState;
import dev.detour.health.endpoint.BackendStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/backends/{b}/endpoints/{e}/drain}. */
final class DrainRoute {
    private static final Pattern ENTITY_TAG = Pattern.compile("\"(\\d{1,18})\"");

    private final Supplier<List<BackendStatus>> backends;
    private final OperatorState state;

    DrainRoute(Supplier<List<BackendStatus>> backends, OperatorState state) {
        this.backends = backends;
        this.state = state;
    }

    /** The entity tag of the drains: what {@code If-Match} is compared with. */
    static String entityTag(long version) {
        return "\"" + version + "\"";
    }

    AdminResponse handle(AdminRequest request) throws ProblemException {
        RequestFields fields = RequestFields.of(request.jsonObject(), List.of("drained", "reason"));
        boolean drained = fields.flag("drained", true);
        String reason = fields.reason();
        Long expected = expectedVersion(request.header("If-Match"));
        String backend = request.variable("b");
        String endpoint = request.variable("e");
        checkKnown(backend, endpoint);
        Drains after;
        try {
            after = state.drain(backend, endpoint, drained, reason, expected);
        } catch (ConflictException e) {
            throw ProblemException.outdated(
                    "nothing was changed: " + e.getMessage() + " (look again, then repeat with If-Match: "
                            + entityTag(e.versionInForce()) + ")",
                    entityTag(e.versionInForce()));
        } catch (IOException e) {
            throw ProblemException.of(500, "nothing was changed: " + e.getMessage());
        }
        return AdminResponse.json(200, answer(backend, endpoint, drained, after))
                .withHeader("ETag", entityTag(after.version()));
    }

    private static @Nullable Long expectedVersion(@Nullable String ifMatch) throws ProblemException {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return null;
        }
        Matcher tag = ENTITY_TAG.matcher(ifMatch.strip());
        if (!tag.matches()) {
            throw ProblemException.badValue(
                    "If-Match", ifMatch, "the ETag of /api/v1/backends, a version in double quotes");
        }
        return Long.valueOf(tag.group(1));
    }

    /** A drain whose endpoint has gone may still be ended: otherwise it would lie in wait for the endpoint's return. */
    private void checkKnown(String backend, String endpoint) throws ProblemException {
        Drains drains = state.drains();
        if (drains.contains(backend, endpoint)) {
            return;
        }
        List<BackendView> all = views(drains);
        BackendView found = find(all, backend);
        if (found == null) {
            String names = String.join(
                    ", ", all.stream().map(BackendView::backend).sorted().toList());
            throw ProblemException.unknownName("backend", backend, "one of " + names);
        }
        if (!found.knows(endpoint)) {
            throw ProblemException.unknownName("endpoint", endpoint, found.names());
        }
    }

    private DrainAnswer answer(String backend, String endpoint, boolean drained, Drains after) {
        BackendView view = find(views(after), backend);
        List<EndpointView> endpoints = view == null ? List.of() : view.called(endpoint);
        List<String> warnings = new ArrayList<>();
        if (drained && view != null && view.usable() == 0) {
            warnings.add("no endpoint of backend " + backend + " is up and undrained now");
        }
        for (EndpointView one : endpoints) {
            EndpointView.DrainView still = one.drain();
            if (!drained && still != null) {
                warnings.add("endpoint " + one.endpoint() + " stays drained, because " + still.as() + " is");
            }
        }
        return new DrainAnswer(backend, endpoint, drained, after.version(), endpoints, warnings);
    }

    private List<BackendView> views(Drains drains) {
        return backends.get().stream()
                .map(status -> BackendView.of(status, drains))
                .toList();
    }

    private static @Nullable BackendView find(List<BackendView> views, String backend) {
        return views.stream()
                .filter(view -> view.backend().equals(backend))
                .findFirst()
                .orElse(null);
    }

    /**
     * What is so now.
     *
     * @param endpoints those meant; none while a configured name has no address
     * @param warnings what the operator may not have wished; it is done all the same
     */
    private record DrainAnswer(
            String backend,
            String endpoint,
            boolean drained,
            long drainsVersion,
            List<EndpointView> endpoints,
            List<String> warnings) {}
}
