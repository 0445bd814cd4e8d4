package dev.detour.mirror.answer;

import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.page.SimpleFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a project's page is kept by: all that makes one answer differ from another.
 *
 * @param resource with the project's normalised name
 * @param contentType that was negotiated; empty where there is one only
 */
public record PageKey(MirrorResource resource, String project, String contentType) {
    /** The key of what a request asks for, or null if it is no page of a project, or no project can have the name. */
    public static @Nullable PageKey of(MirrorRequest request) {
        String project = request.resource() instanceof MirrorResource.OfProject asked
                ? ProjectName.normalise(asked.name())
                : null;
        if (project == null) {
            return null;
        }
        if (request.resource() instanceof MirrorResource.JsonProject) {
            return new PageKey(new MirrorResource.JsonProject(project), project, "");
        }
        if (request.resource() instanceof MirrorResource.JsonRelease release) {
            return new PageKey(new MirrorResource.JsonRelease(project, release.version()), project, "");
        }
        if (request.resource() instanceof MirrorResource.Provenance file) {
            return new PageKey(
                    new MirrorResource.Provenance(project, file.version(), file.filename()),
                    project,
                    ProvenanceType.negotiate(request.accept()));
        }
        SimpleFormat format = SimpleFormat.negotiate(request.accept(), request.format());
        return new PageKey(new MirrorResource.SimpleProject(project), project, format.mediaType());
    }

    /** Whether the index sends those who spell the name like this to its normalised form. */
    public boolean redirects(MirrorRequest request) {
        return request.resource() instanceof MirrorResource.SimpleProject asked
                && !asked.name().equals(project);
    }
}
