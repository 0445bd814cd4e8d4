package dev.detour.proxy.matrix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** What the matrix reads from disk, and what it leaves there. */
final class MatrixFiles {
    private MatrixFiles() {}

    /** The authority and the mirror's file, for every trial. */
    static void write(Path files) throws IOException {
        Identities.CERTIFICATES.writeCa(files);
        Files.writeString(files.resolve("file"), Trial.mirrorBody(ApiColumn.FILE), StandardCharsets.UTF_8);
    }

    /** The table as measured, in the form of the page. */
    static String table(FaultPage page, BiFunction<Breakage, ApiColumn, Measured> cells) {
        StringBuilder table = new StringBuilder();
        for (Breakage row : Breakage.values()) {
            Set<String> failures = new TreeSet<>();
            StringBuilder line = new StringBuilder();
            for (ApiColumn column : ApiColumn.values()) {
                Measured measured = cells.apply(row, column);
                line.append(" | ")
                        .append(measured.cell(page.row(row).cell(column).limit()));
                failures.add(measured.failure());
            }
            failures.remove("");
            table.append("| ").append(row.label()).append(" | ").append(row.tlsOnly() ? "TLS" : "both");
            table.append(" | ").append(failures.isEmpty() ? FaultPage.NO_FAILURE : String.join(" ", failures));
            table.append(line).append(" |\n");
        }
        return table.toString();
    }
}
