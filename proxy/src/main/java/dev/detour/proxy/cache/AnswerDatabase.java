package dev.detour.proxy.cache;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers in one SQLite file. Each change is a transaction, so that a crash leaves the answers of before it; what a failing
 * disk changed behind SQLite's back is found by a checksum that also covers the address, and dropped.
 *
 * <p>Blocking, and confined to one thread.
 */
final class AnswerDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerDatabase.class);
    private static final int EVICTED_AT_ONCE = 64;
    private static final int SPARING_ROUNDS = 8;
    private static final int ROW_OVERHEAD = 1_024;
    private static final String OF_ADDRESS = " WHERE target = ? AND host = ? AND backend = ?";
    private static final String OF_ANSWER = OF_ADDRESS + " AND variant = ?";

    private final Connection connection;
    private final long room;

    /** One kept answer without its body. */
    record Row(long id, String variant, SavedHead head, boolean outdated) {}

    /**
     * The answers in an open file.
     *
     * @param connection becomes this database's
     * @param room bytes that the answers may take up
     */
    AnswerDatabase(Connection connection, long room) {
        this.connection = connection;
        this.room = room;
    }

    // ---- keeping

    /**
     * Keeps an answer in place of an older one for the same requests, and gives others up if there is no room for it.
     *
     * @param inMemory addresses that are in use whatever the disk knows of them: they are given up last
     * @param givenUp is told of each address that had to go
     * @return whether it is kept: false for one that would take up most of the room
     */
    boolean put(
            CacheKey key,
            String variant,
            byte[] head,
            byte[] body,
            Set<String> surrogates,
            long nowSeconds,
            Predicate<CacheKey> inMemory,
            Consumer<CacheKey> givenUp)
            throws SQLException {
        long needed = head.length + body.length + (long) ROW_OVERHEAD;
        if (needed > room / 2) {
            remove(key, variant);
            return false;
        }
        makeRoom(needed, nowSeconds, inMemory, givenUp);
        inTransaction(() -> {
            remove(key, variant);
            long id = returnedId(
                    "INSERT INTO answer (target, host, backend, variant, used, head, head_sum)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
                    key.target(),
                    key.host(),
                    key.backend(),
                    variant,
                    nowSeconds,
                    head,
                    sum(key, variant, head));
            update("INSERT INTO body (answer, sum, bytes) VALUES (?, ?, ?)", id, sum(key, variant, body), body);
            insertSurrogates(id, surrogates);
        });
        return true;
    }

    /** Replaces the head of an answer whose body is the same; false if there is no such answer. */
    boolean putHead(CacheKey key, String variant, byte[] head, byte[] body, Set<String> surrogates, long nowSeconds)
            throws SQLException {
        long[] id = {-1};
        inTransaction(() -> {
            id[0] = returnedId(
                    "UPDATE answer SET head = ?, head_sum = ?, used = ?, outdated = 0" + OF_ANSWER
                            + " AND EXISTS (SELECT 1 FROM body WHERE body.answer = answer.id AND sum = ?) RETURNING id",
                    head,
                    sum(key, variant, head),
                    nowSeconds,
                    key.target(),
                    key.host(),
                    key.backend(),
                    variant,
                    sum(key, variant, body));
            if (id[0] >= 0) {
                update("DELETE FROM surrogate WHERE answer = ?", id[0]);
                insertSurrogates(id[0], surrogates);
            }
        });
        return id[0] >= 0;
    }

    private void insertSurrogates(long id, Set<String> surrogates) throws SQLException {
        for (String surrogate : surrogates) {
            update("INSERT INTO surrogate (key, answer) VALUES (?, ?)", surrogate, id);
        }
    }

    /** Gives up what was used longest ago. What is in memory is spared at first, lest what is used most not outlive a restart. */
    private void makeRoom(long needed, long nowSeconds, Predicate<CacheKey> inMemory, Consumer<CacheKey> givenUp)
            throws SQLException {
        for (int round = 0; bytes() + needed > room; round++) {
            Map<Long, CacheKey> candidates = new LinkedHashMap<>();
            query(
                    "SELECT id, backend, host, target FROM answer ORDER BY used LIMIT " + EVICTED_AT_ONCE,
                    row -> candidates.put(
                            row.getLong(1), new CacheKey(row.getString(2), row.getString(3), row.getString(4))));
            if (candidates.isEmpty()) {
                return;
            }
            boolean sparing = round < SPARING_ROUNDS;
            List<CacheKey> gone = new ArrayList<>();
            inTransaction(() -> {
                for (Map.Entry<Long, CacheKey> each : candidates.entrySet()) {
                    if (sparing && inMemory.test(each.getValue())) {
                        touch(each.getKey(), nowSeconds);
                    } else {
                        // with its other variants: who is told must be able to take it for gone
                        remove(each.getValue());
                        gone.add(each.getValue());
                    }
                }
            });
            gone.forEach(givenUp);
        }
    }

    private void touch(long id, long nowSeconds) throws SQLException {
        update("UPDATE answer SET used = ? WHERE id = ?", nowSeconds, id);
    }

    // ---- finding

    /** The answers of an address; those that were damaged are dropped instead, and told one by one. */
    List<Row> rows(CacheKey key, Runnable damage) throws SQLException {
        List<Row> rows = new ArrayList<>();
        List<Long> damaged = new ArrayList<>();
        query(
                "SELECT id, variant, head, head_sum, outdated FROM answer" + OF_ADDRESS,
                row -> {
                    String variant = row.getString(2);
                    byte[] bytes = row.getBytes(3);
                    SavedHead head = sum(key, variant, bytes) == row.getLong(4) ? SavedHead.parse(bytes) : null;
                    if (head == null) {
                        damaged.add(row.getLong(1));
                    } else {
                        rows.add(new Row(row.getLong(1), variant, head, row.getBoolean(5)));
                    }
                },
                key.target(),
                key.host(),
                key.backend());
        for (long id : damaged) {
            removeRow(id);
            damage.run();
        }
        return rows;
    }

    /** The body of an answer, or null if it was damaged: then the answer is dropped. */
    byte @Nullable [] body(CacheKey key, Row row, long nowSeconds, Runnable damage) throws SQLException {
        List<byte[]> intact = new ArrayList<>();
        query(
                "SELECT sum, bytes FROM body WHERE answer = ?",
                found -> {
                    byte[] bytes = found.getBytes(2);
                    if (sum(key, row.variant(), bytes) == found.getLong(1)) {
                        intact.add(bytes);
                    }
                },
                row.id());
        if (intact.isEmpty()) {
            removeRow(row.id());
            damage.run();
            return null;
        }
        try {
            touch(row.id(), nowSeconds);
        } catch (SQLException e) {
            // a full disk can still be read
            LOG.debug("{} is not noted as used", key, e);
        }
        return intact.get(0);
    }

    /** Every address of which there is an answer, some of them more than once. */
    void forEachAddress(Consumer<CacheKey> consumer) throws SQLException {
        query(
                "SELECT backend, host, target FROM answer",
                row -> consumer.accept(new CacheKey(row.getString(1), row.getString(2), row.getString(3))));
    }

    // ---- forgetting

    /** Forgets the answers of an address. */
    void remove(CacheKey key) throws SQLException {
        update("DELETE FROM answer" + OF_ADDRESS, key.target(), key.host(), key.backend());
    }

    /** Forgets one answer. */
    void remove(CacheKey key, String variant) throws SQLException {
        update("DELETE FROM answer" + OF_ANSWER, key.target(), key.host(), key.backend(), variant);
    }

    private void removeRow(long id) throws SQLException {
        update("DELETE FROM answer WHERE id = ?", id);
    }

    /** Marks every answer stale; returns how many there are. */
    int outdateAll() throws SQLException {
        return update("UPDATE answer SET outdated = 1");
    }

    /** Forgets answers, or marks them stale, by address or by surrogate key; returns how many. */
    int purge(Set<String> targets, Predicate<CacheKey> named, Collection<String> surrogates, boolean hard)
            throws SQLException {
        Set<Long> ids = new HashSet<>();
        for (String target : targets) {
            query(
                    "SELECT id, backend, host FROM answer WHERE target = ?",
                    row -> {
                        if (named.test(new CacheKey(row.getString(2), row.getString(3), target))) {
                            ids.add(row.getLong(1));
                        }
                    },
                    target);
        }
        for (String surrogate : surrogates) {
            query("SELECT answer FROM surrogate WHERE key = ?", row -> ids.add(row.getLong(1)), surrogate);
        }
        inTransaction(() -> {
            for (long id : ids) {
                update(hard ? "DELETE FROM answer WHERE id = ?" : "UPDATE answer SET outdated = 1 WHERE id = ?", id);
            }
        });
        return ids.size();
    }

    // ---- the file

    /** Gives back what is above the room: it was made smaller. */
    void shrink(long nowSeconds) throws SQLException {
        makeRoom(0, nowSeconds, key -> false, key -> {});
        if (number("SELECT page_count FROM pragma_page_count") * AnswerFile.PAGE_BYTES > room) {
            try (Statement statement = connection.createStatement()) {
                // execute() would free one page only
                statement.executeUpdate("PRAGMA incremental_vacuum");
            }
        }
    }

    /** Bytes in use. */
    long bytes() throws SQLException {
        return number("SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count")
                * AnswerFile.PAGE_BYTES;
    }

    /** Number of answers. */
    long answers() throws SQLException {
        return number("SELECT count(*) FROM answer");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    // ---- SQL. Statements are made for one use: the driver discards one that has failed, as on a full disk

    /** A change that is made whole or not at all. */
    private interface Change {
        void make() throws SQLException;
    }

    /** What is done with each row of a result. */
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private void inTransaction(Change change) throws SQLException {
        connection.setAutoCommit(false);
        try {
            change.make();
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            undo(e);
            throw e;
        }
        connection.setAutoCommit(true);
    }

    /** A full disk makes SQLite undo the transaction by itself, and then it has none to be undone. */
    private void undo(Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private int update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values)) {
            return statement.executeUpdate();
        }
    }

    private void query(String sql, RowReader reader, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                reader.read(result);
            }
        }
    }

    /** The id that a statement returns, or -1 for none. */
    private long returnedId(String sql, Object... values) throws SQLException {
        long[] id = {-1};
        query(sql, row -> id[0] = row.getLong(1), values);
        return id[0];
    }

    private long number(String sql) throws SQLException {
        return Math.max(0, returnedId(sql));
    }

    /** Of the address too: a body that turns up in another's place is as wrong as one with a changed byte. */
    private static long sum(CacheKey key, String variant, byte[] bytes) {
        CRC32C sum = new CRC32C();
        for (String text : List.of(key.target(), key.host(), key.backend(), variant)) {
            sum.update(text.getBytes(StandardCharsets.UTF_8));
            sum.update('\n');
        }
        sum.update(bytes);
        return sum.getValue();
    }
}
