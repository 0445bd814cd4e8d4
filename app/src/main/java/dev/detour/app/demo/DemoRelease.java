package dev.detour.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.detour.app.demo.DemoArchive.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One release of a demo project, from which its wheel and its sdist are made.
 *
 * @param project the display name of the project
 * @param version the version (PEP 440)
 * @param summary one line about the project
 * @param requiresPython the Python versions the release is for
 * @param requiresDist what it depends on (PEP 508)
 * @param yanked why it was yanked, or null if it was not
 * @param uploaded when it was uploaded
 * @param module the name of its import package, whose command of the same name runs {@code main()}
 * @param source the text of the package's {@code __init__.py}
 */
record DemoRelease(
        String project,
        String version,
        String summary,
        String requiresPython,
        List<String> requiresDist,
        @Nullable String yanked,
        Instant uploaded,
        String module,
        String source) {

    /** The wheel, with METADATA, WHEEL, RECORD and a console script (binary distribution format 1.0). */
    DemoFile wheel() {
        String info = fileStem() + ".dist-info/";
        byte[] metadata = metadata().getBytes(UTF_8);
        List<Member> members = new ArrayList<>(modules(""));
        members.add(new Member(info + "METADATA", metadata));
        members.add(member(info + "WHEEL", """
                Wheel-Version: 1.0
                Generator: detour-demo
                Root-Is-Purelib: true
                Tag: py3-none-any
                """));
        members.add(member(info + "entry_points.txt", "[console_scripts]\n%s = %s:main\n".formatted(module, module)));
        members.add(member(info + "top_level.txt", module + "\n"));
        members.add(member(info + "RECORD", record(members, info + "RECORD")));
        return file(fileStem() + "-py3-none-any.whl", DemoArchive.zip(members), metadata);
    }

    /** The source distribution, which setuptools can build (PEP 517, PEP 625). */
    DemoFile sdist() {
        String root = fileStem() + "/";
        List<Member> members = new ArrayList<>();
        members.add(member(root + "PKG-INFO", metadata()));
        members.add(member(root + "pyproject.toml", pyproject()));
        members.addAll(modules(root));
        return file(fileStem() + ".tar.gz", DemoArchive.tarGz(members), null);
    }

    private DemoFile file(String filename, byte[] content, byte @Nullable [] metadata) {
        return new DemoFile(version, filename, content, metadata, requiresPython, yanked, uploaded);
    }

    /** {@code name-version} as file names have it: the normalised name with underscores, so that the dash is the separator. */
    private String fileStem() {
        return DemoProject.normalized(project).replace('-', '_') + "-" + version;
    }

    private List<Member> modules(String root) {
        return List.of(
                member(root + module + "/__init__.py", source.replace("{version}", version)),
                member(root + module + "/__main__.py", "from %s import main\n\nmain()\n".formatted(module)));
    }

    private String metadata() {
        StringBuilder text = new StringBuilder("Metadata-Version: 2.1\n")
                .append("Name: ")
                .append(project)
                .append('\n')
                .append("Version: ")
                .append(version)
                .append('\n')
                .append("Summary: ")
                .append(summary)
                .append('\n')
                .append("Requires-Python: ")
                .append(requiresPython)
                .append('\n');
        requiresDist.forEach(requirement ->
                text.append("Requires-Dist: ").append(requirement).append('\n'));
        return text.append("Description-Content-Type: text/plain\n\n")
                .append(summary)
                .append(".\n")
                .toString();
    }

    private String pyproject() {
        String quoted = String.join(
                ", ", requiresDist.stream().map(each -> '"' + each + '"').toList());
        return """
                [build-system]
                requires = ["setuptools>=61"]
                build-backend = "setuptools.build_meta"

                [project]
                name = "%s"
                version = "%s"
                description = "%s"
                requires-python = "%s"
                dependencies = [%s]
                scripts = {%s = "%s:main"}

                [tool.setuptools]
                packages = ["%s"]
                """.formatted(project, version, summary, requiresPython, quoted, module, module, module);
    }

    private static String record(List<Member> members, String itself) {
        StringBuilder text = new StringBuilder();
        for (Member member : members) {
            text.append(member.path())
                    .append(",sha256=")
                    .append(Digests.urlSafe("SHA-256", member.content()))
                    .append(',')
                    .append(member.content().length)
                    .append('\n');
        }
        return text.append(itself).append(",,\n").toString();
    }

    private static Member member(String path, String text) {
        return new Member(path, text.getBytes(UTF_8));
    }
}
