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
        MirrorResource resource = request.resource();
        if (resource instanceof MirrorResource.SimpleProject page) {
            String project = ProjectName.normalise(page.name());
            SimpleFormat format = SimpleFormat.negotiate(request.accept(), request.format());
            return project == null
                    ? null
                    : new PageKey(new MirrorResource.SimpleProject(project), project, format.mediaType());
        }
        if (resource instanceof MirrorResource.JsonProject document) {
            String project = ProjectName.normalise(document.name());
            return project == null ? null : new PageKey(new MirrorResource.JsonProject(project), project, "");
        }
        if (resource instanceof MirrorResource.JsonRelease release) {
            String project = ProjectName.normalise(release.name());
            return project == null
                    ? null
                    : new PageKey(new MirrorResource.JsonRelease(project, release.version()), project, "");
        }
        if (resource instanceof MirrorResource.Provenance asked) {
            String project = ProjectName.normalise(asked.name());
            return project == null
                    ? null
                    : new PageKey(
                            new MirrorResource.Provenance(project, asked.version(), asked.filename()),
                            project,
                            ProvenanceType.negotiate(request.accept()));
        }
        return null;
    }

    /** Whether the index sends those who spell the name like this to its normalised form. */
    public boolean redirects(MirrorRequest request) {
        return request.resource() instanceof MirrorResource.SimpleProject asked
                && !asked.name().equals(project);
    }
}
