package dev.detour.mirror.interchange;

import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.store.StoreView;
import dev.detour.mirror.tombstone.Withdrawn;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Removes from an exported tree what is in the generation no longer, or must not be served, and what a crash left behind. */
final class Sweep {
    private final StoreView view;
    private final Withdrawn withdrawn;
    private final ExportedTree tree;
    private final ExportedFiles files;

    Sweep(StoreView view, Withdrawn withdrawn, ExportedTree tree, ExportedFiles files) {
        this.view = view;
        this.withdrawn = withdrawn;
        this.tree = tree;
        this.files = files;
    }

    private interface Wanted {
        boolean has(Path relative) throws IOException;
    }

    void run() throws IOException {
        sweep(tree.simple(), this::isPage);
        sweep(tree.web().resolve("json"), file -> isProject(file.getName(0).toString()));
        sweep(tree.web().resolve("pypi"), file -> isProject(file.getName(0).toString()));
        sweep(tree.packages(), this::isKept);
        sweep(tree.integrity(), this::isAttested);
    }

    private boolean isPage(Path file) throws IOException {
        int depth = tree.hashIndex() ? 3 : 2;
        // the list itself
        return file.getNameCount() == 1
                || (file.getNameCount() == depth
                        && isProject(file.getName(depth - 2).toString()));
    }

    private boolean isProject(String name) throws IOException {
        return name.equals(ProjectName.normalise(name)) && view.state(name) != null && withdrawn.project(name) == null;
    }

    private boolean isKept(Path file) throws IOException {
        String path = unix(file);
        return view.file(path) != null && withdrawn.path(path) == null;
    }

    private boolean isAttested(Path file) throws IOException {
        if (file.getNameCount() != 4) {
            return false;
        }
        String project = file.getName(0).toString();
        String version = file.getName(1).toString();
        String filename = file.getName(2).toString();
        return view.provenance(project, version, filename) != null
                && withdrawn.file(project, version, filename) == null;
    }

    private static String unix(Path file) {
        StringBuilder path = new StringBuilder();
        file.forEach(name -> path.append(path.isEmpty() ? "" : "/").append(name));
        return path.toString();
    }

    private void sweep(Path directory, Wanted wanted) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (ExportedFiles.isUnfinished(file) || !wanted.has(directory.relativize(file))) {
                    files.remove(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException problem) throws IOException {
                if (problem != null) {
                    throw problem;
                }
                if (!visited.equals(directory)) {
                    removeIfEmpty(visited);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void removeIfEmpty(Path directory) throws IOException {
        try {
            Files.delete(directory);
        } catch (DirectoryNotEmptyException e) {
            // it holds what is wanted
        }
    }
}
