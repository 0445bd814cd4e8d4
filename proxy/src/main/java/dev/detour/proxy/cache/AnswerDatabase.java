package dev.detour.proxy.cache;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Answers in one SQLite file. Each change is a transaction, so that a crash leaves the answers of before it; what a failing
 * disk changed behind SQLite's back is found by a checksum that also covers the address, and dropped.
 *
 * <p>Blocking, and confined to one thread.
 */
final class AnswerDatabase implements AutoCloseable {
    private static final int EVICTED_AT_ONCE = 64;
    private static final int SPARING_ROUNDS = 8;
    private static final int ROW_OVERHEAD = 1_024;
    private static final String OF_ADDRESS = " WHERE target = ? AND host = ? AND backend = ?";
    private static final String OF_ANSWER = OF_ADDRESS + " AND variant = ?";

    private final Connection connection;
    private final long room;
    private final List<PreparedStatement> statements = new ArrayList<>();
    private final PreparedStatement insertAnswer;
    private final PreparedStatement insertBody;
    private final PreparedStatement insertSurrogate;
    private final PreparedStatement dropSurrogates;
    private final PreparedStatement updateHead;
    private final PreparedStatement selectRows;
    private final PreparedStatement selectBody;
    private final PreparedStatement deleteAnswer;
    private final PreparedStatement deleteAddress;
    private final PreparedStatement deleteRow;
    private final PreparedStatement touch;
    private final PreparedStatement oldest;
    private final PreparedStatement usedPages;

    /** One kept answer without its body. */
    record Row(long id, String variant, SavedHead head, boolean outdated) {}

    /**
     * The answers in an open file.
     *
     * @param connection becomes this database's
     * @param room bytes that the answers may take up
     */
    AnswerDatabase(Connection connection, long room) throws SQLException {
        this.connection = connection;
        this.room = room;
        this.insertAnswer = statement("INSERT INTO answer (target, host, backend, variant, used, head, head_sum)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id");
        this.insertBody = statement("INSERT INTO body (answer, sum, bytes) VALUES (?, ?, ?)");
        this.insertSurrogate = statement("INSERT OR IGNORE INTO surrogate (key, answer) VALUES (?, ?)");
        this.dropSurrogates = statement("DELETE FROM surrogate WHERE answer = ?");
        this.updateHead = statement("UPDATE answer SET head = ?, head_sum = ?, used = ?, outdated = 0" + OF_ANSWER
                + " AND EXISTS (SELECT 1 FROM body WHERE body.answer = answer.id AND sum = ?) RETURNING id");
        this.selectRows = statement("SELECT id, variant, head, head_sum, outdated FROM answer" + OF_ADDRESS);
        this.selectBody = statement("SELECT sum, bytes FROM body WHERE answer = ?");
        this.deleteAnswer = statement("DELETE FROM answer" + OF_ANSWER);
        this.deleteAddress = statement("DELETE FROM answer" + OF_ADDRESS);
        this.deleteRow = statement("DELETE FROM answer WHERE id = ?");
        this.touch = statement("UPDATE answer SET used = ? WHERE id = ?");
        this.oldest = statement("SELECT id, target, host, backend FROM answer ORDER BY used LIMIT " + EVICTED_AT_ONCE);
        this.usedPages = statement("SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count");
    }

    private PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statements.add(statement);
        return statement;
    }

    /** A change that is made whole or not at all. */
    private interface Change {
        void make() throws SQLException;
    }

    private void inTransaction(Change change) throws SQLException {
        connection.setAutoCommit(false);
        try {
            change.make();
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    // ---- keeping

    /**
     * Keeps an answer in place of an older one for the same requests, and gives others up if there is no room for it.
     *
     * @param inMemory addresses that are in use whatever the disk knows of them: they are given up last
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
            insertAnswer.setLong(5, nowSeconds);
            insertAnswer.setBytes(6, head);
            insertAnswer.setLong(7, sum(key, variant, head));
            long id = returnedId(onAnswer(insertAnswer, 1, key, variant));
            insertBody.setLong(1, id);
            insertBody.setLong(2, sum(key, variant, body));
            insertBody.setBytes(3, body);
            insertBody.executeUpdate();
            insertSurrogates(id, surrogates);
        });
        return true;
    }

    /** Replaces the head of an answer whose body is the same; false if there is no such answer. */
    boolean putHead(CacheKey key, String variant, byte[] head, byte[] body, Set<String> surrogates, long nowSeconds)
            throws SQLException {
        long[] id = {-1};
        inTransaction(() -> {
            updateHead.setBytes(1, head);
            updateHead.setLong(2, sum(key, variant, head));
            updateHead.setLong(3, nowSeconds);
            updateHead.setLong(8, sum(key, variant, body));
            id[0] = returnedId(onAnswer(updateHead, 4, key, variant));
            if (id[0] >= 0) {
                dropSurrogates.setLong(1, id[0]);
                dropSurrogates.executeUpdate();
                insertSurrogates(id[0], surrogates);
            }
        });
        return id[0] >= 0;
    }

    private void insertSurrogates(long id, Set<String> surrogates) throws SQLException {
        for (String surrogate : surrogates) {
            insertSurrogate.setString(1, surrogate);
            insertSurrogate.setLong(2, id);
            insertSurrogate.executeUpdate();
        }
    }

    private static long returnedId(PreparedStatement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            return result.next() ? result.getLong(1) : -1;
        }
    }

    /** Gives up what was used longest ago. What is in memory is spared at first, lest what is used most not outlive a restart. */
    private void makeRoom(long needed, long nowSeconds, Predicate<CacheKey> inMemory, Consumer<CacheKey> givenUp)
            throws SQLException {
        for (int round = 0; bytes() + needed > room; round++) {
            Map<Long, CacheKey> candidates = candidates();
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
                        removeRow(each.getKey());
                        gone.add(each.getValue());
                    }
                }
            });
            gone.forEach(givenUp);
        }
    }

    private Map<Long, CacheKey> candidates() throws SQLException {
        Map<Long, CacheKey> candidates = new LinkedHashMap<>();
        try (ResultSet result = oldest.executeQuery()) {
            while (result.next()) {
                CacheKey key = new CacheKey(result.getString(4), result.getString(3), result.getString(2));
                candidates.put(result.getLong(1), key);
            }
        }
        return candidates;
    }

    private void touch(long id, long nowSeconds) throws SQLException {
        touch.setLong(1, nowSeconds);
        touch.setLong(2, id);
        touch.executeUpdate();
    }

    // ---- finding

    /** The answers of an address; those that were damaged are dropped instead, and told one by one. */
    List<Row> rows(CacheKey key, Runnable damage) throws SQLException {
        List<Row> rows = new ArrayList<>();
        List<Long> damaged = new ArrayList<>();
        try (ResultSet result = onAddress(selectRows, 1, key).executeQuery()) {
            while (result.next()) {
                String variant = result.getString(2);
                byte[] bytes = result.getBytes(3);
                SavedHead head = sum(key, variant, bytes) == result.getLong(4) ? SavedHead.parse(bytes) : null;
                if (head == null) {
                    damaged.add(result.getLong(1));
                } else {
                    rows.add(new Row(result.getLong(1), variant, head, result.getBoolean(5)));
                }
            }
        }
        for (long id : damaged) {
            removeRow(id);
            damage.run();
        }
        return rows;
    }

    /** The body of an answer, or null if it was damaged: then the answer is dropped. */
    byte @Nullable [] body(CacheKey key, Row row, long nowSeconds, Runnable damage) throws SQLException {
        byte[] body = null;
        selectBody.setLong(1, row.id());
        try (ResultSet result = selectBody.executeQuery()) {
            if (result.next()) {
                byte[] bytes = result.getBytes(2);
                body = sum(key, row.variant(), bytes) == result.getLong(1) ? bytes : null;
            }
        }
        if (body == null) {
            removeRow(row.id());
            damage.run();
            return null;
        }
        touch(row.id(), nowSeconds);
        return body;
    }

    /** Every address of which there is an answer, some of them more than once. */
    void forEachAddress(Consumer<CacheKey> consumer) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT target, host, backend FROM answer")) {
            while (result.next()) {
                consumer.accept(new CacheKey(result.getString(3), result.getString(2), result.getString(1)));
            }
        }
    }

    // ---- forgetting

    /** Forgets the answers of an address. */
    int remove(CacheKey key) throws SQLException {
        return onAddress(deleteAddress, 1, key).executeUpdate();
    }

    /** Forgets one answer. */
    void remove(CacheKey key, String variant) throws SQLException {
        onAnswer(deleteAnswer, 1, key, variant).executeUpdate();
    }

    private void removeRow(long id) throws SQLException {
        deleteRow.setLong(1, id);
        deleteRow.executeUpdate();
    }

    /** Marks every answer stale; returns how many there are. */
    int outdateAll() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("UPDATE answer SET outdated = 1");
        }
    }

    /** Forgets answers, or marks them stale, by address or by surrogate key; returns how many. */
    int purge(Set<String> targets, Predicate<CacheKey> named, Collection<String> surrogates, boolean hard)
            throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement byTarget =
                        connection.prepareStatement("SELECT id, host, backend FROM answer WHERE target = ?");
                PreparedStatement byKey = connection.prepareStatement("SELECT answer FROM surrogate WHERE key = ?")) {
            for (String target : targets) {
                byTarget.setString(1, target);
                try (ResultSet result = byTarget.executeQuery()) {
                    while (result.next()) {
                        if (named.test(new CacheKey(result.getString(3), result.getString(2), target))) {
                            ids.add(result.getLong(1));
                        }
                    }
                }
            }
            for (String surrogate : surrogates) {
                byKey.setString(1, surrogate);
                try (ResultSet result = byKey.executeQuery()) {
                    while (result.next()) {
                        ids.add(result.getLong(1));
                    }
                }
            }
        }
        return change(hard ? "DELETE FROM answer WHERE id = ?" : "UPDATE answer SET outdated = 1 WHERE id = ?", ids);
    }

    private int change(String sql, List<Long> ids) throws SQLException {
        int[] changed = {0};
        inTransaction(() -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (long id : ids) {
                    statement.setLong(1, id);
                    changed[0] += statement.executeUpdate();
                }
            }
        });
        return changed[0];
    }

    // ---- the file

    /** Gives back what is above the room: it was made smaller. */
    void shrink(long nowSeconds) throws SQLException {
        makeRoom(0, nowSeconds, key -> false, key -> {});
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA page_count")) {
            if (result.next() && result.getLong(1) * AnswerFile.PAGE_BYTES > room) {
                vacuum();
            }
        }
    }

    private void vacuum() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // execute() would free one page only
            statement.executeUpdate("PRAGMA incremental_vacuum");
        }
    }

    /** Bytes in use. */
    long bytes() throws SQLException {
        try (ResultSet result = usedPages.executeQuery()) {
            return result.next() ? result.getLong(1) * AnswerFile.PAGE_BYTES : 0;
        }
    }

    /** Number of answers. */
    long answers() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM answer")) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    private static PreparedStatement onAddress(PreparedStatement statement, int from, CacheKey key)
            throws SQLException {
        statement.setString(from, key.target());
        statement.setString(from + 1, key.host());
        statement.setString(from + 2, key.backend());
        return statement;
    }

    private static PreparedStatement onAnswer(PreparedStatement statement, int from, CacheKey key, String variant)
            throws SQLException {
        onAddress(statement, from, key).setString(from + 3, variant);
        return statement;
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

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements) {
            statement.close();
        }
        connection.close();
    }
}
