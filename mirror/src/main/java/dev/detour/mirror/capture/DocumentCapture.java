package dev.detour.mirror.capture;

import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.PythonVersion;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreView;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides what JSON documents and attestations prove that passed by. They belong to a page: without one that names them they are
 * not taken, and they are kept under the names that it gives them, whatever the client called them.
 */
final class DocumentCapture {
    private static final Set<String> JSON = Set.of("application/json");
    private static final Set<String> ATTESTATIONS =
            Set.of("application/vnd.pypi.integrity.v1+json", "application/json");
    private static final Pattern PROVENANCE = Pattern.compile(".*/integrity/[^/]+/([^/]+)/([^/]+)/provenance/?");

    private final StoreView live;

    DocumentCapture(StoreView live) {
        this.live = live;
    }

    /**
     * What is to become of a project's document.
     *
     * @param body without content coding
     * @throws PageFormatException if it is no such document
     */
    Decision project(CapturedAnswer answer, String project, byte[] body) throws StoreException {
        ObjectNode root = document(answer, project, body);
        ProjectState page = live.state(project);
        if (page == null) {
            return unlisted("no page of the project is kept");
        }
        return later(
                answer,
                root,
                page,
                live.document(project),
                json -> change -> change.over(project, page).document(project, json));
    }

    /**
     * What is to become of a release's document.
     *
     * @param body without content coding
     * @throws PageFormatException if it is no such document
     */
    Decision release(CapturedAnswer answer, MirrorResource.JsonRelease asked, String project, byte[] body)
            throws StoreException {
        ObjectNode root = document(answer, project, body);
        String said = root.path("info").path("version").stringValue("");
        if (said.isEmpty() || !PythonVersion.of(said).equals(PythonVersion.of(asked.version()))) {
            throw new PageFormatException("its version is '" + said + "' (expected: " + asked.version() + ")");
        }
        ProjectState page = live.state(project);
        String version = page == null ? null : spelled(said, page(project).get("versions"));
        if (page == null || version == null) {
            return unlisted("no page is kept that has version " + said);
        }
        return later(
                answer,
                root,
                page,
                live.release(project, version),
                json -> change -> change.over(project, page).release(project, version, json));
    }

    /**
     * What is to become of a file's attestations.
     *
     * @param body without content coding
     * @throws PageFormatException if it is none
     */
    Decision provenance(CapturedAnswer answer, MirrorResource.Provenance asked, String project, byte[] body)
            throws StoreException {
        Received.requireType(answer, ATTESTATIONS);
        if (!(CanonicalJson.readObject(body).get("attestation_bundles") instanceof ArrayNode)) {
            throw new PageFormatException("it has no 'attestation_bundles' (expected: an array)");
        }
        ProjectState page = live.state(project);
        String version = page == null ? null : versionOf(asked, page(project).get("files"));
        if (page == null || version == null) {
            return unlisted("no page is kept that names it");
        }
        byte[] kept = live.provenance(project, version, asked.filename());
        if (Arrays.equals(kept, body)) {
            return Decision.unchanged();
        }
        return Decision.taken(
                change -> change.over(project, page).provenance(project, version, asked.filename(), body));
    }

    private static Decision unlisted(String why) {
        return Decision.not(CaptureOutcome.UNLISTED, why);
    }

    private ObjectNode page(String project) throws StoreException {
        byte[] page = live.page(project);
        return CanonicalJson.readObject(page == null ? new byte[] {'{', '}'} : page);
    }

    private static ObjectNode document(CapturedAnswer answer, String project, byte[] body) {
        Received.requireType(answer, JSON);
        ObjectNode root = CanonicalJson.readObject(body);
        Received.requireName(root.path("info").get("name"), project);
        if (!(root.get("urls") instanceof ArrayNode)) {
            throw new PageFormatException("it has no 'urls' (expected: an array)");
        }
        return root;
    }

    /** Makes the write out of the canonical JSON. */
    private interface Writing {
        Decision.Write of(byte[] json);
    }

    private static Decision later(
            CapturedAnswer answer, ObjectNode root, ProjectState page, byte @Nullable [] kept, Writing writing) {
        byte[] json = CanonicalJson.write(root);
        if (Arrays.equals(kept, json)) {
            return Decision.unchanged();
        }
        OptionalLong serial = Received.serial(answer, serial(root));
        OptionalLong before = kept == null ? OptionalLong.empty() : serial(CanonicalJson.readObject(kept));
        long least = Math.max(before.orElse(-1), page.serial().orElse(-1));
        if (serial.orElse(-1) < least) {
            return Decision.not(
                    CaptureOutcome.OLDER,
                    "its serial is " + (serial.isPresent() ? serial.getAsLong() : "missing") + " (expected: " + least
                            + " or later)");
        }
        return Decision.taken(writing.of(json));
    }

    private static OptionalLong serial(ObjectNode root) {
        JsonNode serial = root.path("last_serial");
        return serial.isIntegralNumber() ? OptionalLong.of(serial.longValue()) : OptionalLong.empty();
    }

    /** The version as the page spells it, or null if it does not have it. */
    private static @Nullable String spelled(String version, @Nullable JsonNode versions) {
        PythonVersion wanted = PythonVersion.of(version);
        if (versions instanceof ArrayNode) {
            for (JsonNode each : versions) {
                if (each.isString() && PythonVersion.of(each.stringValue()).equals(wanted)) {
                    return each.stringValue();
                }
            }
        }
        return null;
    }

    /** The version under which the page says that a file's attestations are, or null if it does not. */
    private static @Nullable String versionOf(MirrorResource.Provenance asked, @Nullable JsonNode files) {
        if (!(files instanceof ArrayNode)) {
            return null;
        }
        for (JsonNode file : files) {
            Matcher url = PROVENANCE.matcher(file.path("provenance").stringValue(""));
            if (url.matches()
                    && url.group(2).equals(asked.filename())
                    && PythonVersion.of(url.group(1)).equals(PythonVersion.of(asked.version()))) {
                return url.group(1);
            }
        }
        return null;
    }
}
