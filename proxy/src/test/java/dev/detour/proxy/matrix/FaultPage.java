package dev.detour.proxy.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table in {@code docs/faults.md}: what is expected of each cell. */
final class FaultPage {
    static final String NO_FAILURE = "-";

    private final Map<String, Row> rows;

    /**
     * A row of the page.
     *
     * @param over what the backend speaks: {@code both} clear text and TLS, or {@code TLS}
     * @param failures the labels that the access log may have for it
     * @param cells one a column
     */
    record Row(String over, List<String> failures, List<Cell> cells) {
        Cell cell(ApiColumn column) {
            return cells.get(List.of(ApiColumn.values()).indexOf(column));
        }
    }

    private FaultPage(Map<String, Row> rows) {
        this.rows = rows;
    }

    static FaultPage read() throws IOException {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file())) {
            List<String> fields = new ArrayList<>(List.of(line.split("\\|", -1)));
            fields.replaceAll(String::strip);
            if (fields.size() == ApiColumn.values().length + 5 && isRow(fields.get(1))) {
                List<Cell> cells = fields.subList(4, fields.size() - 1).stream()
                        .map(Cell::parse)
                        .toList();
                rows.put(
                        fields.get(1),
                        new Row(fields.get(2), List.of(fields.get(3).split(" ", -1)), cells));
            }
        }
        return new FaultPage(rows);
    }

    private static boolean isRow(String first) {
        return !first.equals("fault") && !first.startsWith("---");
    }

    /** The page, which lies above the module that tests run in. */
    static Path file() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("docs/faults.md"))) {
                return folder.resolve("docs/faults.md");
            }
        }
        throw new IllegalStateException("docs/faults.md is not above the folder the tests run in");
    }

    List<String> labels() {
        return List.copyOf(rows.keySet());
    }

    Row row(Breakage breakage) {
        Row row = rows.get(breakage.label());
        if (row == null) {
            throw new IllegalStateException("docs/faults.md has no row: " + breakage.label());
        }
        return row;
    }
}
