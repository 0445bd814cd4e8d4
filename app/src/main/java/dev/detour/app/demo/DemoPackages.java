package dev.detour.app.demo;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The projects of the demo index: real, installable distributions made in memory, the same bytes on every run.
 *
 * <p>{@code demoapp} needs {@code demolib>=1.0}. The right pick is demolib 1.1.0, and only an index page with every field leads
 * there: 1.2.0 is newer but yanked, 2.0.0 is newest but its {@code Requires-Python} no interpreter meets, and 1.1.0 has an sdist
 * beside its wheel. {@code Demo.Tool_Kit} has a name that needs normalising.
 */
public final class DemoPackages {
    private static final String ANY_PYTHON = ">=3.7";
    private static final String LIBRARY = "The library that demoapp needs";
    private static final String APPLICATION = "Says hello with the help of demolib";
    private static final String TOOL_KIT = "A project whose name has to be normalised";

    private static final String LIBRARY_SOURCE = """
            __version__ = "{version}"


            def greet(name):
                return "Hello, %s, from demolib %s" % (name, __version__)


            def main():
                print(greet("you"))
            """;
    private static final String APPLICATION_SOURCE = """
            import demolib

            __version__ = "{version}"


            def main():
                print("demoapp %s: %s" % (__version__, demolib.greet("world")))
            """;
    private static final String TOOL_KIT_SOURCE = """
            __version__ = "{version}"


            def main():
                print("Demo.Tool_Kit %s" % __version__)
            """;

    private final List<DemoProject> projects;
    private final Map<String, DemoProject> byName;
    private final Map<String, byte[]> files;

    /** Makes all files; takes a few milliseconds. */
    public DemoPackages() {
        projects = List.of(
                project(
                        "Demo.Tool_Kit",
                        TOOL_KIT,
                        List.of(),
                        31_000_101,
                        List.of(toolKit("0.3.0", "2026-01-08T16:45:12.020304Z").wheel())),
                project(
                        "demoapp",
                        APPLICATION,
                        List.of("demolib>=1.0"),
                        31_000_105,
                        List.of(
                                app("1.0.0", "2026-01-12T09:30:00.123456Z").wheel(),
                                app("1.1.0", "2026-02-02T11:05:59.000007Z").wheel())),
                project(
                        "demolib",
                        LIBRARY,
                        List.of(),
                        31_000_109,
                        List.of(
                                lib("1.0.0", ANY_PYTHON, null, "2026-01-12T09:00:00.654321Z")
                                        .wheel(),
                                lib("1.1.0", ANY_PYTHON, null, "2026-02-01T08:15:30.500000Z")
                                        .wheel(),
                                lib("1.1.0", ANY_PYTHON, null, "2026-02-01T08:15:31.250000Z")
                                        .sdist(),
                                lib("1.2.0", ANY_PYTHON, "breaks demoapp", "2026-03-03T13:37:00.000000Z")
                                        .wheel(),
                                lib("2.0.0", ">=99", null, "2026-04-05T14:00:00.999999Z")
                                        .wheel())));
        byName = projects.stream().collect(toUnmodifiableMap(DemoProject::normalizedName, Function.identity()));
        files = new HashMap<>();
        projects.stream().flatMap(project -> project.files().stream()).forEach(this::addFile);
    }

    /** All projects in the order of their normalised names. */
    List<DemoProject> projects() {
        return projects;
    }

    /** The project of this name in any spelling. */
    Optional<DemoProject> project(String name) {
        return Optional.ofNullable(byName.get(DemoProject.normalized(name)));
    }

    /** The bytes of the file or {@code .metadata} at this path, e.g. {@code packages/ab/cd/…/demolib-1.1.0-py3-none-any.whl}. */
    Optional<byte[]> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** Every file and {@code .metadata} by its path below the host's root. */
    Map<String, byte[]> files() {
        return Map.copyOf(files);
    }

    /** The serial of the newest change in the whole index. */
    long lastSerial() {
        return projects.stream().mapToLong(DemoProject::serial).max().orElse(0);
    }

    private void addFile(DemoFile file) {
        files.put(file.path(), file.content());
        byte[] metadata = file.metadata();
        if (metadata != null) {
            files.put(file.path() + ".metadata", metadata);
        }
    }

    private static DemoProject project(
            String name, String summary, List<String> requires, long serial, List<DemoFile> files) {
        return new DemoProject(name, summary, requires, serial, files);
    }

    private static DemoRelease app(String version, String uploaded) {
        return new DemoRelease(
                "demoapp",
                version,
                APPLICATION,
                ANY_PYTHON,
                List.of("demolib>=1.0"),
                null,
                Instant.parse(uploaded),
                "demoapp",
                APPLICATION_SOURCE);
    }

    private static DemoRelease lib(String version, String requiresPython, @Nullable String yanked, String uploaded) {
        return new DemoRelease(
                "demolib",
                version,
                LIBRARY,
                requiresPython,
                List.of(),
                yanked,
                Instant.parse(uploaded),
                "demolib",
                LIBRARY_SOURCE);
    }

    private static DemoRelease toolKit(String version, String uploaded) {
        return new DemoRelease(
                "Demo.Tool_Kit",
                version,
                TOOL_KIT,
                ANY_PYTHON,
                List.of(),
                null,
                Instant.parse(uploaded),
                "demo_tool_kit",
                TOOL_KIT_SOURCE);
    }
}
