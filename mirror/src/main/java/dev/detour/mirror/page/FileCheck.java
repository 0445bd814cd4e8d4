package dev.detour.mirror.page;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The part of {@link PageCheck} that looks at one file. */
final class FileCheck {
    /** Formats that no installer has read for a decade were named as their tools liked. */
    private static final List<String> NAMED_FREELY = List.of(".exe", ".msi", ".rpm", ".deb", ".dmg");

    private final ObjectNode file;
    private final String filename;
    private final List<Problem> problems;

    /** @param index its place, which it is called by if it has no name */
    FileCheck(ObjectNode file, int index, List<Problem> problems) {
        this.file = file;
        JsonNode name = file.get("filename");
        this.filename = isText(name) ? name.stringValue() : "files[" + index + "]";
        this.problems = problems;
    }

    String filename() {
        return filename;
    }

    private void report(String field, @Nullable JsonNode found, String expected) {
        problems.add(new Problem(filename, field, PageMeta.shown(found), expected));
    }

    /**
     * Looks at every field.
     *
     * @param sized whether the page promises sizes
     * @param hashed whether the index gives hashes
     */
    void all(String project, boolean sized, boolean hashed) {
        filename(project);
        url();
        hashes(hashed);
        size(sized);
        uploadTime();
        JsonNode python = file.get("requires-python");
        if (!isAbsent(python) && !python.isString()) {
            report("requires-python", python, "text or null");
        }
        yanked();
        metadata("core-metadata");
        metadata("data-dist-info-metadata");
        JsonNode provenance = file.get("provenance");
        if (!isAbsent(provenance) && !(provenance.isString() && Links.isWeb(provenance.stringValue()))) {
            report("provenance", provenance, "an http or https URL, or null");
        }
        JsonNode signed = file.get("gpg-sig");
        if (!isAbsent(signed) && !signed.isBoolean()) {
            report("gpg-sig", signed, "true or false");
        }
    }

    private void filename(String project) {
        JsonNode name = file.get("filename");
        if (!isText(name) || filename.indexOf('/') >= 0 || filename.indexOf('\\') >= 0) {
            report("filename", name, "the name of a file");
        } else if (!ReleaseFilename.mayBelongTo(filename, project)
                && NAMED_FREELY.stream().noneMatch(filename.toLowerCase(Locale.ROOT)::endsWith)) {
            report("filename", name, "the name of a file of " + project);
        }
    }

    private void url() {
        JsonNode url = file.get("url");
        if (url == null || !url.isString() || !Links.isWebOrRelative(url.stringValue())) {
            report("url", url, "an http or https URL, or a relative one");
        }
    }

    private void hashes(boolean expected) {
        if (!(file.get("hashes") instanceof ObjectNode hashes)) {
            report("hashes", file.get("hashes"), "an object");
            return;
        }
        boolean known = false;
        for (Map.Entry<String, JsonNode> hash : hashes.properties()) {
            known |= Hashes.isKnown(hash.getKey());
            hash("hashes", hash.getKey(), hash.getValue());
        }
        if (expected && !known) {
            report("hashes", hashes, "a known hash, as other files of the page have");
        }
    }

    private void hash(String field, String algorithm, JsonNode digest) {
        if (!isText(digest)) {
            report(field + "." + algorithm, digest, "a digest as text");
        } else if (Hashes.isKnown(algorithm) && !Hashes.isDigest(algorithm, digest.stringValue())) {
            report(field + "." + algorithm, digest, Hashes.digits(algorithm) + " hex digits");
        }
    }

    private void size(boolean promised) {
        JsonNode size = file.get("size");
        if (isAbsent(size) ? promised : !(size.isIntegralNumber() && size.longValue() >= 0)) {
            report("size", size, "a whole number of bytes");
        }
    }

    /** Optional, but what is there must be a time: strict clients refuse the whole page otherwise. */
    private void uploadTime() {
        JsonNode time = file.get("upload-time");
        if (!isAbsent(time) && !(time.isString() && Rfc3339.isTime(time.stringValue()))) {
            report("upload-time", time, "a time by RFC 3339");
        }
    }

    private void yanked() {
        JsonNode yanked = file.get("yanked");
        if (!isAbsent(yanked) && !yanked.isBoolean() && !yanked.isString()) {
            report("yanked", yanked, "true, false or a reason");
        }
    }

    private void metadata(String field) {
        JsonNode metadata = file.get(field);
        if (metadata instanceof ObjectNode hashes) {
            for (Map.Entry<String, JsonNode> hash : hashes.properties()) {
                hash(field, hash.getKey(), hash.getValue());
            }
        } else if (!isAbsent(metadata) && !metadata.isBoolean()) {
            report(field, metadata, "true, false or an object of hashes");
        }
    }

    private static boolean isAbsent(@Nullable JsonNode value) {
        return value == null || value.isNull();
    }

    private static boolean isText(@Nullable JsonNode value) {
        return value != null && value.isString() && !value.stringValue().isBlank();
    }
}
