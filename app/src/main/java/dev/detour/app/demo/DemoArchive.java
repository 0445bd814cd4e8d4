package dev.detour.app.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Zip and tar.gz archives that are the same bytes on every run and every machine.
 *
 * <p>Nothing is compressed: what a deflater writes depends on the zlib behind the JDK, and then the hashes would too.
 */
final class DemoArchive {
    /** The moment every member bears. */
    private static final LocalDateTime MODIFIED = LocalDateTime.of(2026, 1, 1, 0, 0);

    private static final int TAR_BLOCK = 512;
    private static final int LONGEST_STORED_BLOCK = 0xffff;

    private DemoArchive() {}

    /** One file in an archive, at a path with forward slashes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Member(String path, byte[] content) {}

    static byte[] zip(List<Member> members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Member member : members) {
                ZipEntry entry = new ZipEntry(member.path());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(member.content().length);
                entry.setCrc(crc32(member.content()));
                entry.setTimeLocal(MODIFIED);
                zip.putNextEntry(entry);
                zip.write(member.content());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A gzip file (RFC 1952, stored blocks of RFC 1951) with a POSIX ustar archive in it. */
    static byte[] tarGz(List<Member> members) {
        byte[] tar = tar(members);
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        gzip.writeBytes(
                new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255}); // no name, no time, unknown system
        for (int from = 0; from < tar.length; from += LONGEST_STORED_BLOCK) {
            int length = Math.min(LONGEST_STORED_BLOCK, tar.length - from);
            boolean last = from + length == tar.length;
            gzip.writeBytes(little(5)
                    .put((byte) (last ? 1 : 0))
                    .putShort((short) length)
                    .putShort((short) ~length)
                    .array());
            gzip.write(tar, from, length);
        }
        gzip.writeBytes(little(8).putInt((int) crc32(tar)).putInt(tar.length).array());
        return gzip.toByteArray();
    }

    private static byte[] tar(List<Member> members) {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        for (Member member : members) {
            tar.writeBytes(tarHeader(member));
            tar.writeBytes(member.content());
            tar.writeBytes(new byte[Math.floorMod(-member.content().length, TAR_BLOCK)]);
        }
        tar.writeBytes(new byte[2 * TAR_BLOCK]);
        return tar.toByteArray();
    }

    private static byte[] tarHeader(Member member) {
        byte[] path = member.path().getBytes(US_ASCII);
        if (path.length > 100) {
            throw new IllegalArgumentException("path: " + member.path() + " (expected: at most 100 bytes)");
        }
        byte[] header = new byte[TAR_BLOCK];
        put(header, 0, member.path());
        put(header, 100, "0000644\0"); // mode
        put(header, 108, "0000000\0"); // owner
        put(header, 116, "0000000\0"); // group
        put(header, 124, "%011o\0".formatted(member.content().length));
        put(header, 136, "%011o\0".formatted(MODIFIED.toEpochSecond(ZoneOffset.UTC)));
        put(header, 148, " ".repeat(8)); // the checksum is summed as if it were blanks
        header[156] = '0'; // regular file
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        return header;
    }

    private static void put(byte[] header, int offset, String value) {
        byte[] bytes = value.getBytes(US_ASCII);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long crc32(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return crc.getValue();
    }
}
