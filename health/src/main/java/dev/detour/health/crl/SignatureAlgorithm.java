package dev.detour.health.crl;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.PSSParameterSpec;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an AlgorithmIdentifier (RFC 5280 4.1.1.2) names.
 *
 * @param name Java's name, or the dotted object identifier of what has none here
 * @param checked whether signatures are checked: neither what is broken (MD5, SHA-1) nor what the JDK does not know is
 * @param pss the parameters of RSASSA-PSS
 */
record SignatureAlgorithm(
        String name, boolean checked, @Nullable PSSParameterSpec pss) {
    static final String ED25519 = "Ed25519";

    /** Longest AlgorithmIdentifier that is read; those in use have 7 to 80 bytes. */
    static final int LONGEST = 1_024;

    private static final String PSS = "RSASSA-PSS";
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("2a864886f70d01010b", "SHA256withRSA"),
            Map.entry("2a864886f70d01010c", "SHA384withRSA"),
            Map.entry("2a864886f70d01010d", "SHA512withRSA"),
            Map.entry("2a864886f70d01010a", PSS),
            Map.entry("2a8648ce3d040302", "SHA256withECDSA"),
            Map.entry("2a8648ce3d040303", "SHA384withECDSA"),
            Map.entry("2a8648ce3d040304", "SHA512withECDSA"),
            Map.entry("2b6570", ED25519),
            Map.entry("2a864886f70d010104", "MD5withRSA"),
            Map.entry("2a864886f70d010105", "SHA1withRSA"),
            Map.entry("2a8648ce3d0401", "SHA1withECDSA"),
            Map.entry("2b6571", "Ed448"));
    private static final Set<String> UNCHECKED = Set.of("MD5withRSA", "SHA1withRSA", "SHA1withECDSA", "Ed448");

    /**
     * Reads the content of an AlgorithmIdentifier.
     *
     * @param offset where it begins, for messages
     */
    static SignatureAlgorithm read(byte[] content, long offset) throws IOException, CrlFormatException {
        DerInput in = DerInput.of(content);
        try {
            long end = in.expect(DerInput.OBJECT_IDENTIFIER, "the object identifier", content.length);
            byte[] identifier = in.bytesTo(end, content.length, "the object identifier");
            byte[] parameters = in.bytesTo(content.length, content.length, "the parameters");
            String name = NAMES.get(HexFormat.of().formatHex(identifier));
            if (name == null) {
                return new SignatureAlgorithm(dotted(identifier), false, null);
            }
            if (!name.equals(PSS)) {
                return new SignatureAlgorithm(name, !UNCHECKED.contains(name), null);
            }
            PSSParameterSpec pss = pss(parameters);
            return new SignatureAlgorithm(name, pss != null, pss);
        } catch (CrlFormatException e) {
            throw new CrlFormatException(
                    offset, "the signature algorithm at byte " + offset + " is not one: " + e.getMessage());
        }
    }

    private static @Nullable PSSParameterSpec pss(byte[] parameters) {
        try {
            AlgorithmParameters decoded = AlgorithmParameters.getInstance(PSS);
            decoded.init(parameters);
            return decoded.getParameterSpec(PSSParameterSpec.class);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            // the JDK's decoder does not promise which of them a stranger's bytes make it throw
            return null;
        }
    }

    /** An unprepared check, or null if this JDK cannot. */
    @Nullable Signature open() {
        try {
            Signature signature = Signature.getInstance(name);
            if (pss != null) {
                signature.setParameter(pss);
            }
            return signature;
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    private static String dotted(byte[] identifier) {
        StringBuilder text = new StringBuilder();
        long arc = 0;
        for (byte octet : identifier) {
            if (arc > Long.MAX_VALUE >> 7) {
                return "0x" + HexFormat.of().formatHex(identifier);
            }
            arc = arc << 7 | (octet & 0x7f);
            if (octet >= 0) {
                if (text.length() == 0) {
                    long first = Math.min(2, arc / 40);
                    text.append(first).append('.').append(arc - 40 * first);
                } else {
                    text.append('.').append(arc);
                }
                arc = 0;
            }
        }
        return text.toString();
    }
}
