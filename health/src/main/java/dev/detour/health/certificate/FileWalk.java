package dev.detour.health.certificate;

import dev.detour.health.certificate.SourceProblem.Kind;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The way through a directory: links are followed, but no file is read twice, and it ends after so many files or levels.
 *
 * <p>Directories whose name begins with two dots are passed over: Kubernetes keeps the versions of a mounted Secret there, and
 * its files are links into the current one.
 */
final class FileWalk extends SimpleFileVisitor<Path> {
    private static final int DEEPEST = 16;
    private static final int MOST_FILES = 100_000;

    private final Path start;
    private final int levels;
    private final CertificateFiles files;
    private final @Nullable PathMatcher wanted;
    private final Set<Path> read = new HashSet<>();
    private final List<FileScan> scans = new ArrayList<>();
    private int seen;
    private boolean matched;

    private FileWalk(Path start, int levels, CertificateFiles files, @Nullable PathMatcher wanted) {
        this.start = start;
        this.levels = levels;
        this.files = files;
        this.wanted = wanted;
    }

    static FileScan directory(Path directory, CertificateFiles files) {
        FileWalk walk = new FileWalk(directory, DEEPEST, files, null);
        walk.go();
        FileScan scan = FileScan.of(walk.scans);
        boolean nothing = scan.files() == 0 && scan.problems().isEmpty();
        return nothing
                ? FileScan.problem(
                        Kind.EMPTY, directory.toString(), "a directory without certificates", "certificates in files")
                : scan;
    }

    static boolean isGlob(String place) {
        return place.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    static FileScan glob(String pattern, CertificateFiles files) {
        int magic = 0;
        while ("*?[{".indexOf(pattern.charAt(magic)) < 0) {
            magic++;
        }
        int slash = pattern.lastIndexOf('/', magic);
        Path start = Path.of(slash < 0 ? "" : pattern.substring(0, slash + 1));
        PathMatcher matcher;
        try {
            matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            return FileScan.problem(
                    Kind.MISSING, pattern, "not a glob: " + e.getDescription(), "such as /etc/ssl/*.pem");
        }
        String rest = pattern.substring(slash + 1);
        int levels = rest.contains("**")
                ? DEEPEST
                : (int) rest.chars().filter(c -> c == '/').count() + 1;
        FileWalk walk = new FileWalk(start, levels, files, matcher);
        walk.go();
        FileScan scan = FileScan.of(walk.scans);
        return walk.matched || !scan.problems().isEmpty()
                ? scan
                : FileScan.problem(Kind.MISSING, pattern, "no file matches", "a glob that matches files");
    }

    private void go() {
        try {
            Files.walkFileTree(start, EnumSet.of(FileVisitOption.FOLLOW_LINKS), levels, this);
        } catch (IOException e) {
            problem(CertificateFiles.kind(e), start, CertificateFiles.words(e), "a directory that can be read");
        }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        Path name = directory.getFileName();
        boolean version =
                !directory.equals(start) && name != null && name.toString().startsWith("..");
        return version ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (++seen > MOST_FILES) {
            problem(Kind.TOO_LARGE, start, "more than " + MOST_FILES + " files", "fewer, or a narrower place");
            return FileVisitResult.TERMINATE;
        }
        if (attributes.isSymbolicLink()) {
            if (wanted == null || wanted.matches(file)) {
                matched = true;
                problem(Kind.MISSING, file, "a link to nothing", "a link to a file");
            }
        } else if (attributes.isDirectory()) {
            // only at the deepest level are directories visited as files
            if (levels == DEEPEST) {
                problem(Kind.TOO_LARGE, file, "lies deeper than " + DEEPEST + " levels", "a place nearer to it");
            }
        } else if (attributes.isRegularFile()) {
            regular(file);
        }
        return FileVisitResult.CONTINUE;
    }

    private void regular(Path file) {
        if (wanted != null && !wanted.matches(file)) {
            return;
        }
        matched = true;
        try {
            if (!read.add(file.toRealPath())) {
                return;
            }
        } catch (IOException e) {
            problem(CertificateFiles.kind(e), file, CertificateFiles.words(e), "a file that can be read");
            return;
        }
        FileScan scan = wanted == null ? files.ifCertificates(file) : files.file(file);
        if (scan != null) {
            scans.add(scan);
        }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        // two links that lead to each other: everything there is met on another way
        boolean loop = failure instanceof FileSystemLoopException;
        boolean gone = !Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !file.equals(start);
        if (!loop && !gone) {
            problem(CertificateFiles.kind(failure), file, CertificateFiles.words(failure), "a place that can be read");
        }
        return FileVisitResult.CONTINUE;
    }

    private void problem(Kind kind, Path place, String found, String expected) {
        scans.add(FileScan.problem(kind, place.toString(), found, expected));
    }
}
