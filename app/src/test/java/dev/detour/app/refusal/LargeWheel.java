package dev.detour.app.refusal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A real wheel that weighs 60 MB: its one file of data is noise, and stored. */
final class LargeWheel {
    static final int DATA_BYTES = 60_000_000;

    private static final String INFO = "heavydemo-1.0.dist-info/";

    private LargeWheel() {}

    /** Writes it into {@code directory}. @return its path */
    static Path write(Path directory) throws IOException {
        byte[] noise = new byte[DATA_BYTES];
        new Random(60).nextBytes(noise);
        Path wheel = directory.resolve("heavydemo-1.0-py3-none-any.whl");
        try (OutputStream out = Files.newOutputStream(wheel);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            stored(zip, "heavydemo/noise.bin", noise);
            stored(zip, INFO + "METADATA", text("""
                    Metadata-Version: 2.1
                    Name: heavydemo
                    Version: 1.0
                    Summary: Weighs a lot
                    """));
            stored(zip, INFO + "WHEEL", text("""
                    Wheel-Version: 1.0
                    Generator: detour
                    Root-Is-Purelib: true
                    Tag: py3-none-any
                    """));
            stored(
                    zip,
                    INFO + "RECORD",
                    text("heavydemo/noise.bin,,\n%1$sMETADATA,,\n%1$sWHEEL,,\n%1$sRECORD,,\n".formatted(INFO)));
        }
        return wheel;
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }

    private static void stored(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
