package dev.detour.health.crl;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;

/** CRLs of many entries, written byte by byte: a library would take longer than what is tested. */
final class LargeCrl {
    static final int ENTRY = 39;

    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Map<String, String> ALGORITHMS =
            Map.of("SHA256withRSA", "300d06092a864886f70d01010b0500", "Ed25519", "300506032b6570");

    private LargeCrl() {}

    /** As Vault writes them: serial numbers of 20 bytes, no reasons; a thousand entries for each day before. */
    static byte[] of(CrlAuthority authority, int entries) throws GeneralSecurityException {
        ByteArrayOutputStream list = new ByteArrayOutputStream(entries * ENTRY);
        byte[] entry = new byte[ENTRY];
        entry[0] = 0x30;
        entry[1] = ENTRY - 2;
        entry[2] = 0x02;
        entry[3] = 20;
        entry[24] = 0x17;
        entry[25] = 13;
        for (int i = 0; i < entries; i++) {
            if (i % 1_000 == 0) {
                byte[] day = time(CrlAuthority.THIS_UPDATE.minusSeconds(86_400L * (1 + i / 1_000)));
                System.arraycopy(day, 2, entry, 26, 13);
            }
            entry[4] = 0x5a;
            entry[8] = (byte) (i >> 24);
            entry[9] = (byte) (i >> 16);
            entry[10] = (byte) (i >> 8);
            entry[11] = (byte) i;
            list.writeBytes(entry);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(list.size() + 512);
        body.writeBytes(new byte[] {0x02, 1, 1});
        body.writeBytes(identifier(authority));
        body.writeBytes(authority.certificate().getSubjectX500Principal().getEncoded());
        body.writeBytes(time(CrlAuthority.THIS_UPDATE));
        body.writeBytes(time(CrlAuthority.NEXT_UPDATE));
        if (entries > 0) {
            body.writeBytes(element(0x30, list.toByteArray()));
        }
        byte[] signed = element(0x30, body.toByteArray());
        return whole(authority, signed);
    }

    private static byte[] whole(CrlAuthority authority, byte[] signed) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(authority.algorithm());
        signature.initSign(authority.key());
        signature.update(signed);
        byte[] value = signature.sign();
        byte[] bits = new byte[value.length + 1];
        System.arraycopy(value, 0, bits, 1, value.length);
        ByteArrayOutputStream crl = new ByteArrayOutputStream(signed.length + 512);
        crl.writeBytes(signed);
        crl.writeBytes(identifier(authority));
        crl.writeBytes(element(0x03, bits));
        return element(0x30, crl.toByteArray());
    }

    private static byte[] identifier(CrlAuthority authority) {
        return HexFormat.of().parseHex(ALGORITHMS.get(authority.algorithm()));
    }

    static byte[] time(Instant time) {
        return element(0x17, UTC_TIME.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] element(int tag, byte[] content) {
        int octets = content.length < 0x80 ? 0 : (39 - Integer.numberOfLeadingZeros(content.length)) / 8;
        byte[] element = new byte[2 + octets + content.length];
        element[0] = (byte) tag;
        element[1] = (byte) (octets == 0 ? content.length : 0x80 + octets);
        for (int i = 0; i < octets; i++) {
            element[2 + i] = (byte) (content.length >> (8 * (octets - 1 - i)));
        }
        System.arraycopy(content, 0, element, 2 + octets, content.length);
        return element;
    }
}
