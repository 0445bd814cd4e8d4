package dev.detour.health.crl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How large CRLs have been: a file of one JSON object a line, appended to, and thinned when it has grown over a megabyte.
 *
 * <p>Lines that are not whole, such as the last one after a crash, are passed over. Several processes may append; what one
 * appends in the moment in which another thins is lost. For one thread at a time.
 */
public final class CrlHistory {
    private static final long LARGEST = 1 << 20;
    private static final long FOREIGN = 8 * LARGEST;
    /** Nothing new is written down no more often than this. */
    private static final Duration REPEAT = Duration.ofHours(1);

    private final Path file;
    private final long largest;

    private CrlHistory(Path file, long largest) {
        this.file = file;
        this.largest = largest;
    }

    /** The history in a file, which need not exist yet. */
    public static CrlHistory in(Path file) {
        return new CrlHistory(file, LARGEST);
    }

    static CrlHistory in(Path file, long largest) {
        return new CrlHistory(file, largest);
    }

    /**
     * What is known of one issuer's CRL from one source, oldest first.
     *
     * @throws IOException if the file cannot be read, or is not such a history
     */
    public List<CrlObservation> of(String source, String issuer) throws IOException {
        return lines(content()).stream()
                .filter(line -> line.isOf(source, issuer))
                .map(HistoryLine::observation)
                .collect(Collectors.toList());
    }

    /**
     * Appends what a CRL is now, unless that was written down within the hour.
     *
     * @throws IOException if the file cannot be written, or is not such a history
     */
    public void add(String source, CrlFacts facts, Instant now) throws IOException {
        HistoryLine line = HistoryLine.of(source, facts, now);
        byte[] content = content();
        List<HistoryLine> lines = lines(content);
        HistoryLine last = null;
        for (HistoryLine each : lines) {
            last = each.isOf(line) ? each : last;
        }
        if (last != null
                && last.same(line)
                && Duration.between(last.time(), now).compareTo(REPEAT) < 0) {
            return;
        }
        if (content.length + line.text().length() > largest) {
            lines.add(line);
            replace(HistoryThinning.thin(lines, largest / 2));
        } else {
            boolean broken = content.length > 0 && content[content.length - 1] != '\n';
            Files.writeString(
                    file, (broken ? "\n" : "") + line.text(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private byte[] content() throws IOException {
        try {
            if (Files.size(file) > FOREIGN) {
                throw foreign();
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    private List<HistoryLine> lines(byte[] content) throws IOException {
        // bytes that are no UTF-8 spoil their line, not the file
        String text = new String(content, StandardCharsets.UTF_8);
        List<HistoryLine> lines = new ArrayList<>();
        text.lines().forEach(each -> {
            HistoryLine line = HistoryLine.parse(each);
            if (line != null) {
                lines.add(line);
            }
        });
        boolean begun = text.isBlank() || text.startsWith(HistoryLine.BEGIN) || HistoryLine.BEGIN.startsWith(text);
        if (lines.isEmpty() && !begun) {
            throw foreign();
        }
        return lines;
    }

    private IOException foreign() {
        return new IOException(file + " is not a history of CRLs (expected: a file written by --history, or none)");
    }

    private void replace(List<HistoryLine> lines) throws IOException {
        Path whole = file.toAbsolutePath();
        Path next = whole.resolveSibling(whole.getFileName() + ".tmp");
        Files.writeString(next, lines.stream().map(HistoryLine::text).collect(Collectors.joining()));
        Files.move(next, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
