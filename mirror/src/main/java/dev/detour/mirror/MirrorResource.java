package dev.detour.mirror;

/** What is asked of a mirror, independent of the URL layout of the route that took the request. */
public sealed interface MirrorResource {
    /** What there is of one project. */
    sealed interface OfProject extends MirrorResource {
        /** The project's name, percent-decoded, as the client spelled it. */
        String name();
    }

    /** The project list. */
    record SimpleIndex() implements MirrorResource {}

    /** One project's Simple page; {@code name} percent-decoded, as the client spelled it. */
    record SimpleProject(String name) implements OfProject {}

    /** {@code /pypi/{name}/json}. */
    record JsonProject(String name) implements OfProject {}

    /** {@code /pypi/{name}/{version}/json}. */
    record JsonRelease(String name, String version) implements OfProject {}

    /** The attestations of one file. */
    record Provenance(String name, String version, String filename) implements OfProject {}

    /** A release file or its {@code .metadata}; {@code path} percent-decoded, relative to {@code packages/}. */
    record File(String path) implements MirrorResource {}
}
