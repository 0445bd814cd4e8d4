package dev.detour.mirror.tombstone;

import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.page.PythonVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All tombstones in force at one moment. Immutable; every look-up costs a few hashes. Names of projects are normalised. */
public final class Withdrawn {
    /** No tombstone, and there never was one. */
    public static final Withdrawn NOTHING = new Withdrawn(List.of(), null);

    private final Map<Target, Tombstone> all = new LinkedHashMap<>();
    private final Map<String, Tombstone> projects = new HashMap<>();
    private final Map<String, Map<PythonVersion, Tombstone>> releases = new HashMap<>();
    private final Map<String, Tombstone> files = new HashMap<>();
    /** Projects of which something is withheld, or may be. */
    private final Set<String> concerned = new HashSet<>();

    private final @Nullable Instant changed;

    /**
     * A set.
     *
     * @param changed when it became what it is, in whole seconds and later than any set before it; null if there was none
     */
    Withdrawn(Collection<Tombstone> tombstones, @Nullable Instant changed) {
        this.changed = changed;
        for (Tombstone tombstone : tombstones) {
            all.put(tombstone.target(), tombstone);
            if (tombstone.target() instanceof Target.Project project) {
                projects.put(project.name(), tombstone);
                concerned.add(project.name());
            } else if (tombstone.target() instanceof Target.Release release) {
                releases.computeIfAbsent(release.name(), first -> new HashMap<>())
                        .put(release.version(), tombstone);
                concerned.add(release.name());
            } else if (tombstone.target() instanceof Target.File file) {
                files.put(file.filename(), tombstone);
                concerned.addAll(ReleaseFileOwner.projects(file.filename()));
            }
        }
    }

    /** Every tombstone, in the order in which they were put. */
    public List<Tombstone> tombstones() {
        return List.copyOf(all.values());
    }

    /** The tombstone on exactly this, or null. */
    public @Nullable Tombstone on(Target target) {
        return all.get(target);
    }

    /** A number that no other set has had: what was made with another one may hold what must not be served. */
    public long version() {
        return changed == null ? 0 : changed.getEpochSecond();
    }

    /** When it became what it is, in whole seconds; null if there never was a tombstone. */
    public @Nullable Instant changed() {
        return changed;
    }

    /**
     * When a page made of what was written at {@code written} became what it is. A client that asks with If-Modified-Since
     * would keep the page from before a tombstone otherwise, or that from before its removal.
     */
    public Instant modified(Instant written) {
        return changed != null && changed.isAfter(written) ? changed : written;
    }

    /** Whether the project list has to be made anew. */
    public boolean withholdsProjects() {
        return !projects.isEmpty();
    }

    /** The tombstone on a project, or null. */
    public @Nullable Tombstone project(String name) {
        return projects.get(name);
    }

    /** The tombstone on a release or its project, or null. */
    public @Nullable Tombstone release(String name, String version) {
        Tombstone whole = projects.get(name);
        return whole != null ? whole : releases.getOrDefault(name, Map.of()).get(PythonVersion.of(version));
    }

    /** The tombstone on a file, its release or its project, or null; {@code version} is "" if it has none. */
    public @Nullable Tombstone file(String name, String version, String filename) {
        Tombstone exact = files.get(filename);
        return exact != null ? exact : release(name, version);
    }

    /** The tombstone on a file, or null; on it alone, not on its release. */
    public @Nullable Tombstone file(String filename) {
        return files.get(filename);
    }

    /** Whether a page of this project can hold anything that must not be served. */
    boolean mayConcern(String name) {
        return !files.isEmpty() || releases.containsKey(name) || projects.containsKey(name);
    }

    /** Whether anything is withheld at all. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * The tombstone on a file known by its path alone, or null. Where a name can be divided into project and version in two
     * ways, a tombstone on either withholds it.
     *
     * @param path of a release file or what lies beside it ({@code .metadata}, signatures), percent-decoded
     */
    public @Nullable Tombstone path(String path) {
        if (all.isEmpty()) {
            return null;
        }
        String filename = TargetSpelling.ownerOf(path.substring(path.lastIndexOf('/') + 1));
        Tombstone exact = files.get(filename);
        if (exact != null || (projects.isEmpty() && releases.isEmpty())) {
            return exact;
        }
        for (String name : ReleaseFileOwner.projects(filename)) {
            Tombstone owner = owner(name, filename);
            if (owner != null) {
                return owner;
            }
        }
        return null;
    }

    private @Nullable Tombstone owner(String name, String filename) {
        Tombstone whole = projects.get(name);
        Map<PythonVersion, Tombstone> versions = releases.get(name);
        return whole != null || versions == null
                ? whole
                : versions.get(ReleaseFileOwner.version(filename, name, versions(name)));
    }

    /** The withheld versions of a project, as they were written. */
    List<String> versions(String name) {
        List<String> versions = new ArrayList<>();
        releases.getOrDefault(name, Map.of()).keySet().forEach(version -> versions.add(version.toString()));
        return versions;
    }

    /**
     * The tombstone because of which there is nothing to answer with, or null: then it is asked for what may be served, of
     * which {@link Withholding} takes out the rest.
     */
    public @Nullable Tombstone whole(MirrorResource resource) {
        if (all.isEmpty()) {
            return null;
        }
        if (resource instanceof MirrorResource.SimpleProject project) {
            return named(project.name(), null, null);
        }
        if (resource instanceof MirrorResource.JsonProject project) {
            return named(project.name(), null, null);
        }
        if (resource instanceof MirrorResource.JsonRelease release) {
            return named(release.name(), release.version(), null);
        }
        if (resource instanceof MirrorResource.Provenance provenance) {
            Tombstone stated = named(provenance.name(), provenance.version(), provenance.filename());
            return stated != null ? stated : path(provenance.filename());
        }
        return resource instanceof MirrorResource.File file ? path(file.path()) : null;
    }

    /** Whether an answer made without regard to the tombstones may hold what must not be served. */
    public boolean concerns(MirrorResource resource) {
        if (all.isEmpty()) {
            return false;
        }
        if (resource instanceof MirrorResource.SimpleIndex) {
            return withholdsProjects();
        }
        if (resource instanceof MirrorResource.OfProject page && !(resource instanceof MirrorResource.Provenance)) {
            return isConcerned(page.name());
        }
        return whole(resource) != null;
    }

    private boolean isConcerned(String spelled) {
        String name = ProjectName.normalise(spelled);
        return name != null && concerned.contains(name);
    }

    private @Nullable Tombstone named(String spelled, @Nullable String version, @Nullable String filename) {
        String name = ProjectName.normalise(spelled);
        if (name == null) {
            return null;
        }
        if (version == null) {
            return project(name);
        }
        return filename == null ? release(name, version) : file(name, version, filename);
    }
}
