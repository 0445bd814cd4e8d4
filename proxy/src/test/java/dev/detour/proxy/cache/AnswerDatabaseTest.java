package dev.detour.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The copies in their file: what is given up, what is damaged, what a full disk leaves. */
@SuppressWarnings("NullAway.Init")
class AnswerDatabaseTest {
    private static final StorePolicy POLICY = new StorePolicy(60, 0, -1, -1, false, false, true, List.of(), Set.of());
    private static final byte[] HEAD =
            new SavedHead(200, List.of("content-type", "text/html"), List.of(), POLICY, 0).toBytes();

    @TempDir
    Path directory;

    private AnswerDatabase database;

    @BeforeEach
    void open() throws Exception {
        database = AnswerFile.open(directory, 2 << 20);
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    private static CacheKey key(String target) {
        return new CacheKey("b", "h", target);
    }

    private boolean put(String target, byte[] body, long now, Set<String> used, List<CacheKey> gone)
            throws SQLException {
        return database.put(
                key(target),
                "v",
                HEAD,
                body,
                Set.of("k" + target),
                now,
                each -> used.contains(each.target()),
                gone::add);
    }

    private boolean put(String target, byte[] body) throws SQLException {
        return put(target, body, 0, Set.of(), new ArrayList<>());
    }

    private byte @org.jspecify.annotations.Nullable [] body(String target) throws SQLException {
        List<AnswerDatabase.Row> rows = database.rows(key(target), () -> {});
        return rows.isEmpty() ? null : database.body(key(target), rows.get(0), 0, () -> {});
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void anAnswerReplacesTheOneBefore() throws SQLException {
        put("/a", bytes("one"));
        put("/a", bytes("two"));

        assertThat(body("/a")).isEqualTo(bytes("two"));
        assertThat(database.answers()).isEqualTo(1);
    }

    @Test
    void theLeastRecentlyUsedIsGivenUpAndTold() throws SQLException {
        List<CacheKey> gone = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            put("/" + i, new byte[100_000], i, Set.of(), gone);
        }

        assertThat(gone).contains(key("/0")).doesNotContain(key("/29"));
        assertThat(body("/0")).isNull();
        assertThat(body("/29")).hasSize(100_000);
    }

    @Test
    void whatIsInMemoryIsGivenUpLast() throws SQLException {
        List<CacheKey> gone = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            put("/" + i, new byte[100_000], i, Set.of("/0", "/1"), gone);
        }

        assertThat(gone).isNotEmpty().doesNotContain(key("/0"), key("/1"));
        assertThat(body("/0")).hasSize(100_000);
    }

    @Test
    void anAddressIsGivenUpWithAllItsVariants() throws SQLException {
        database.put(key("/0"), "w", HEAD, bytes("other"), Set.of(), 1_000, each -> false, each -> {});
        for (int i = 0; i < 30; i++) {
            put("/" + i, new byte[100_000], i, Set.of(), new ArrayList<>());
        }

        assertThat(database.rows(key("/0"), () -> {})).isEmpty();
    }

    @Test
    void roomIsMadeEvenIfAllOfItIsInMemory() throws SQLException {
        List<CacheKey> gone = new ArrayList<>();
        Set<String> all = Set.copyOf(
                java.util.stream.IntStream.range(0, 30).mapToObj(i -> "/" + i).toList());
        for (int i = 0; i < 30; i++) {
            put("/" + i, new byte[100_000], i, all, gone);
        }

        assertThat(gone).isNotEmpty();
        assertThat(body("/29")).hasSize(100_000);
    }

    @Test
    void whatWouldTakeMostOfTheRoomIsNotKeptNorIsItsOlderCopy() throws SQLException {
        put("/a", bytes("old"));

        assertThat(put("/a", new byte[1_500_000])).isFalse();
        assertThat(body("/a")).isNull();
    }

    @Test
    void aHeadIsReplacedOnlyWhereTheBodyIsTheSame() throws SQLException {
        put("/a", bytes("one"));

        assertThat(database.putHead(key("/a"), "v", HEAD, bytes("other"), Set.of(), 0))
                .isFalse();
        assertThat(database.putHead(key("/a"), "v", HEAD, bytes("one"), Set.of(), 0))
                .isTrue();
    }

    @Test
    void aHeadThatWasChangedOnTheDiskIsDropped() throws Exception {
        put("/a", bytes("one"));
        tamper("UPDATE answer SET head = replace(head, 'text/html', 'text/evil')");
        List<String> damaged = new ArrayList<>();

        assertThat(database.rows(key("/a"), () -> damaged.add("a"))).isEmpty();
        assertThat(damaged).hasSize(1);
        assertThat(database.answers()).isZero();
    }

    @Test
    void aBodyInTheWrongPlaceIsDropped() throws Exception {
        put("/a", bytes("one"));
        put("/b", bytes("two"));
        tamper("UPDATE body SET bytes = (SELECT bytes FROM body WHERE answer = 2),"
                + " sum = (SELECT sum FROM body WHERE answer = 2) WHERE answer = 1");

        assertThat(body("/a")).isNull();
        assertThat(body("/b")).isEqualTo(bytes("two"));
    }

    @Test
    void surrogateKeysGoWithTheirAnswers() throws Exception {
        put("/a", bytes("one"));
        database.remove(key("/a"));

        assertThat(count("SELECT count(*) FROM surrogate")).isZero();
        assertThat(count("SELECT count(*) FROM body")).isZero();
    }

    @Test
    void aFullDiskLeavesWhatIsThereReadable() throws Exception {
        put("/a", bytes("one"));
        database.close();
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("answers.sqlite"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA foreign_keys = ON");
            statement.execute("PRAGMA max_page_count = 20");
        }
        database = new AnswerDatabase(connection, 1 << 30);

        assertThatThrownBy(() -> put("/b", new byte[400_000]))
                .isInstanceOfSatisfying(
                        SQLiteException.class,
                        full -> assertThat(full.getResultCode()).isEqualTo(SQLiteErrorCode.SQLITE_FULL));
        assertThat(body("/a")).isEqualTo(bytes("one"));
        assertThat(put("/c", bytes("small"))).isTrue();
        assertThat(body("/c")).isEqualTo(bytes("small"));
    }

    @Test
    void anotherVersionsCopiesAreBegunAnew() throws Exception {
        put("/a", bytes("one"));
        tamper("PRAGMA user_version = 99");

        assertThat(database.answers()).isZero();
        assertThat(put("/a", bytes("two"))).isTrue();
    }

    /** Changes the file behind the database's back. */
    private void tamper(String sql) throws SQLException, IOException {
        database.close();
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        database = AnswerFile.open(directory, 2 << 20);
    }

    private long count(String sql) throws SQLException, IOException {
        database.close();
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.getLong(1);
        } finally {
            database = AnswerFile.open(directory, 2 << 20);
        }
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("answers.sqlite"));
    }
}
