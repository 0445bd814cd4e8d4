package dev.detour.mirror.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folders of a store's generations: {@code generations/000042}, and {@code .000042} for one that is not whole yet. */
final class GenerationFolders {
    static final String NAME = "generations";
    private static final String UNFINISHED = ".";

    private final Path all;
    private final int keep;

    /**
     * Those of a store.
     *
     * @param keep how many of the newest stay
     */
    GenerationFolders(Path store, int keep) {
        this.all = store.resolve(NAME);
        this.keep = keep;
    }

    void create() throws IOException {
        Files.createDirectories(all);
    }

    /** That of one generation. */
    Path of(long number) {
        return all.resolve(String.format("%06d", number));
    }

    /** Where a generation is put together: a directory that is not there. */
    Path fresh(long number) throws StoreException {
        Path directory = all.resolve(UNFINISHED + String.format("%06d", number));
        try {
            DurableFile.remove(directory);
        } catch (IOException e) {
            throw new StoreException(directory + " cannot be removed: " + e, e);
        }
        return directory;
    }

    /** Of all that are whole, oldest first. */
    List<Long> numbers() throws StoreException {
        try (Stream<Path> directories = Files.list(all)) {
            return directories
                    .map(directory -> directory.getFileName().toString())
                    .filter(name -> name.matches("[0-9]{6,18}"))
                    .map(Long::parseLong)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new StoreException(all + " cannot be read: " + e, e);
        }
    }

    /** Drops what is older than what is kept, except what is served. */
    void prune(long served) throws IOException {
        List<Long> numbers = numbers();
        for (int i = 0; i < numbers.size(); i++) {
            long number = numbers.get(i);
            if (number == served) {
                continue;
            }
            // what is open stays readable without its name
            if (i < numbers.size() - keep) {
                DurableFile.remove(of(number));
            } else if (i < numbers.size() - 2) {
                // the one before may just have been named to somebody who has not opened it yet
                RootPages.remove(of(number));
            }
        }
    }
}
