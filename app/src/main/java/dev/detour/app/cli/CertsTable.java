package dev.detour.app.cli;

import dev.detour.health.certificate.CertificateFacts;
import dev.detour.health.certificate.Grade;
import dev.detour.health.certificate.SourceProblem;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What {@code detour certs} shows to people: a line per certificate, the most urgent first, and below them what is wrong. */
final class CertsTable {
    private static final int BAR = 10;
    private static final int WHOLE = 100;
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String PLAIN = "\u001b[0m";

    private final CertsReport report;
    private final boolean coloured;
    private final StringBuilder out = new StringBuilder();

    private CertsTable(CertsReport report, boolean coloured) {
        this.report = report;
        this.coloured = coloured;
    }

    static String print(CertsReport report, boolean coloured) {
        CertsTable table = new CertsTable(report, coloured);
        table.certificates();
        table.servers();
        table.problems();
        table.summary();
        return table.out.toString();
    }

    private void certificates() {
        if (report.certificates().isEmpty()) {
            return;
        }
        Table table = new Table();
        table.row("LIFE USED", "LEFT", "VERDICT", "SUBJECT", "PLACE", "WHY");
        for (CertsReport.Entry entry : report.certificates()) {
            table.row(
                    bar(entry.used()),
                    left(entry),
                    words(entry.grade()),
                    CertificateFacts.printable(entry.certificate().subject()),
                    entry.place() + " " + entry.entry(),
                    entry.reason());
        }
        StringBuilder plain = new StringBuilder();
        table.print("", plain);
        List<String> lines = plain.toString().lines().toList();
        line(lines.get(0), "");
        for (int i = 1; i < lines.size(); i++) {
            line(lines.get(i), colour(report.certificates().get(i - 1).grade()));
        }
    }

    private static String bar(double used) {
        // what is not over is never shown as full
        int full = used >= 1 ? BAR : (int) (used * BAR);
        String percent = String.format(Locale.ROOT, "%3d%%", (int) (used * WHOLE));
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + percent;
    }

    private static String left(CertsReport.Entry entry) {
        return entry.secondsLeft() < 0 ? "none" : Durations.words(Duration.ofSeconds(entry.secondsLeft()));
    }

    private static String words(Grade grade) {
        return grade.name().replace('_', ' ');
    }

    private static String colour(Grade grade) {
        if (grade.fails()) {
            return RED;
        }
        return grade.warns() ? YELLOW : "";
    }

    private void servers() {
        for (CertsReport.Server server : report.servers()) {
            for (CertsReport.Defect defect : server.defects()) {
                line(server.place() + " #" + defect.number() + "  " + defect.kind() + ": " + defect.detail(), RED);
            }
            if (server.trouble() != null) {
                line(
                        server.place() + "  handshake failed after the chain was shown: " + server.trouble()
                                + (server.wantsClientCertificate() ? " (it wants a client certificate)" : ""),
                        server.warns() ? YELLOW : "");
            }
            if (server.anchorExpired()) {
                line(
                        server.place() + "  the trusted authority itself expired on " + server.anchorNotAfter()
                                + ": clients other than Java may refuse it",
                        YELLOW);
            }
        }
    }

    private void problems() {
        for (SourceProblem problem : report.problems()) {
            line("not looked at: " + problem, YELLOW);
        }
    }

    private void summary() {
        long failing = count(true);
        long warning = count(false);
        out.append(report.certificates().size()).append(" certificates");
        out.append(", ").append(failing).append(" critical, ").append(warning).append(" to renew");
        out.append(", ").append(report.problems().size()).append(" problems with sources\n");
    }

    private long count(boolean failing) {
        return report.certificates().stream()
                .map(CertsReport.Entry::grade)
                .filter(grade -> failing ? grade.fails() : grade.warns())
                .count();
    }

    private void line(String text, String colour) {
        boolean painted = coloured && !colour.isEmpty();
        out.append(painted ? colour : "")
                .append(text)
                .append(painted ? PLAIN : "")
                .append('\n');
    }
}
