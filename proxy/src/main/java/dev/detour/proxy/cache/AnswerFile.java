package dev.detour.proxy.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The SQLite file of an {@link AnswerDatabase}: how it is opened, what is in it, how it is thrown away. */
final class AnswerFile {
    /** Bodies are long: larger pages than usual make for shorter chains of them. */
    static final int PAGE_BYTES = 8_192;

    private static final String FILE = "answers.sqlite";
    private static final List<String> FILES = List.of(FILE, FILE + "-wal", FILE + "-shm", FILE + "-journal");

    /** Changes with the tables: another version's copies are dropped. */
    private static final int VERSION = 1;

    private static final int WAL_PAGES = 1_000;

    private static final List<String> TABLES = List.of(
            "CREATE TABLE answer (id INTEGER PRIMARY KEY, target TEXT NOT NULL, host TEXT NOT NULL, backend TEXT NOT NULL,"
                    + " variant TEXT NOT NULL, outdated INTEGER NOT NULL DEFAULT 0, used INTEGER NOT NULL,"
                    + " head BLOB NOT NULL, head_sum INTEGER NOT NULL, UNIQUE (target, host, backend, variant))",
            "CREATE INDEX answer_by_use ON answer (used)",
            // apart from its answer, whose head changes with every revalidation
            "CREATE TABLE body (answer INTEGER PRIMARY KEY REFERENCES answer ON DELETE CASCADE,"
                    + " sum INTEGER NOT NULL, bytes BLOB NOT NULL)",
            "CREATE TABLE surrogate (key TEXT NOT NULL, answer INTEGER NOT NULL REFERENCES answer ON DELETE CASCADE,"
                    + " PRIMARY KEY (key, answer)) WITHOUT ROWID",
            "CREATE INDEX surrogate_by_answer ON surrogate (answer)",
            "PRAGMA user_version = " + VERSION);

    private AnswerFile() {}

    /**
     * Opens what is in {@code directory}, which is made if it is not there.
     *
     * @param size bytes that all files together may take up
     * @throws IOException if the directory cannot be used
     * @throws SQLException if the file cannot be used: damaged, in use by another process, on a broken disk
     */
    static AnswerDatabase open(Path directory, long size) throws IOException, SQLException {
        Files.createDirectories(directory);
        Path file = directory.resolve(FILE);
        boolean posix = Files.getFileStore(directory).supportsFileAttributeView("posix");
        if (posix && Files.notExists(file)) {
            // pages may be for the members of a company only
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        long walPages = Math.max(16, Math.min(WAL_PAGES, size / PAGE_BYTES / 4));
        long room = size - walPages * PAGE_BYTES;
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try {
            if (prepare(connection, room, walPages)) {
                return new AnswerDatabase(connection, room);
            }
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
        connection.close();
        discard(directory);
        return open(directory, size);
    }

    /** Deletes all files: what is in them cannot be used, or is not wanted any more. */
    static void discard(Path directory) throws IOException {
        for (String file : FILES) {
            Files.deleteIfExists(directory.resolve(file));
        }
    }

    /** False if another version of Detour wrote it. */
    private static boolean prepare(Connection connection, long room, long walPages) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // another process on the same file would not hear of purges. First of all: then no shared memory is needed,
            // for
            // which a full disk has no room
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            if (number(statement, "PRAGMA page_count") == 0) {
                statement.execute("PRAGMA page_size = " + PAGE_BYTES);
                statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            }
            statement.execute("PRAGMA journal_mode = WAL");
            // consistent after a power cut, though the last answers may be missing
            statement.execute("PRAGMA synchronous = NORMAL");
            statement.execute("PRAGMA foreign_keys = ON");
            statement.execute("PRAGMA wal_autocheckpoint = " + walPages);
            statement.execute("PRAGMA journal_size_limit = " + walPages * PAGE_BYTES);
            if (!hasTables(statement)) {
                return false;
            }
            long pages = Math.max(number(statement, "PRAGMA page_count"), room / PAGE_BYTES);
            statement.execute("PRAGMA max_page_count = " + pages);
            return true;
        }
    }

    private static boolean hasTables(Statement statement) throws SQLException {
        if (number(statement, "PRAGMA user_version") == VERSION) {
            return true;
        }
        if (number(statement, "SELECT count(*) FROM sqlite_schema") > 0) {
            return false;
        }
        for (String table : TABLES) {
            statement.execute(table);
        }
        return true;
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            return result.next() ? result.getInt(1) : 0;
        }
    }
}
