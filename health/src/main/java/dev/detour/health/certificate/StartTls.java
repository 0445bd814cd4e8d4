package dev.detour.health.certificate;

import dev.detour.health.certificate.WireTarget.Protocol;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What is said in plain text before a handshake. It is read byte by byte: anything read too far would be missing from the
 * handshake.
 */
final class StartTls {
    private static final int LONGEST_LINE = 1_000;
    private static final int MOST_LINES = 100;
    /** SSLRequest: its own length, then 1234 and 5679 where others have the protocol's version. */
    private static final byte[] SSL_REQUEST =
            ByteBuffer.allocate(8).putInt(8).putInt(80_877_103).array();

    private static final byte[] START_TLS_OID = "1.3.6.1.4.1.1466.20037".getBytes(StandardCharsets.US_ASCII);
    private static final int EXTENDED_RESPONSE = 0x78;
    /** LDAP always says how long things are (RFC 4511 section 5.1). */
    private static final int INDEFINITE = 0x80;

    private static final int LONGEST_ANSWER = 65_536;

    private final InputStream in;
    private final OutputStream out;

    private StartTls(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Talks until the peer is ready for a handshake.
     *
     * @throws ProtocolException if it is not; the message says what it answered in words of ours
     */
    static void ask(Protocol protocol, Socket socket) throws IOException {
        StartTls talk = new StartTls(socket.getInputStream(), socket.getOutputStream());
        switch (protocol) {
            case TLS -> {}
            case SMTP -> talk.smtp();
            case POSTGRES -> talk.postgres();
            case LDAP -> talk.ldap();
        }
    }

    private void smtp() throws IOException {
        smtpAnswer("220", "greeting");
        send("EHLO detour.invalid\r\n".getBytes(StandardCharsets.US_ASCII));
        if (!smtpAnswer("250", "answer to EHLO").contains("STARTTLS")) {
            throw new ProtocolException("the SMTP server does not offer STARTTLS");
        }
        send("STARTTLS\r\n".getBytes(StandardCharsets.US_ASCII));
        smtpAnswer("220", "answer to STARTTLS");
    }

    /** All lines of an answer (RFC 5321 section 4.2.1) in upper case. */
    private String smtpAnswer(String code, String what) throws IOException {
        StringBuilder answer = new StringBuilder();
        for (int lines = 0; lines < MOST_LINES; lines++) {
            String line = line();
            if (!line.startsWith(code)) {
                String given = line.matches("\\d{3}.*") ? line.substring(0, 3) : "something else";
                throw new ProtocolException("the SMTP server's " + what + " is " + given + " (expected: " + code + ")");
            }
            answer.append(line.toUpperCase(Locale.ROOT)).append('\n');
            if (line.length() == code.length() || line.charAt(code.length()) != '-') {
                return answer.toString();
            }
        }
        throw new ProtocolException("the SMTP server's " + what + " does not end");
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = next(); c != '\n'; c = next()) {
            if (line.length() == LONGEST_LINE) {
                throw new ProtocolException("the peer's line does not end (expected: SMTP)");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    private void postgres() throws IOException {
        send(SSL_REQUEST);
        int answer = next();
        if (answer != 'S') {
            throw new ProtocolException(
                    answer == 'N'
                            ? "the PostgreSQL server has TLS switched off"
                            : "the peer's answer is not that of PostgreSQL (expected: S or N)");
        }
    }

    private void ldap() throws IOException {
        int name = START_TLS_OID.length;
        // LDAPMessage { messageID 1, extendedReq [APPLICATION 23] { requestName [0] } }
        ByteBuffer request = ByteBuffer.allocate(name + 9);
        request.put((byte) 0x30).put((byte) (name + 7)).put(new byte[] {0x02, 0x01, 0x01});
        request.put((byte) 0x77).put((byte) (name + 2)).put((byte) 0x80).put((byte) name);
        send(request.put(START_TLS_OID).array());
        byte[] answer = element(0x30);
        int operation = 2 + (answer.length > 1 ? answer[1] : 0);
        int result = operation + 2;
        // only lengths below 128 are short; servers that write longer ones than needed put them into more bytes
        if (operation + 1 < answer.length && (answer[operation + 1] & 0x80) != 0) {
            result += answer[operation + 1] & 0x7f;
        }
        if (result + 2 >= answer.length || (answer[operation] & 0xff) != EXTENDED_RESPONSE || answer[result] != 0x0a) {
            throw new ProtocolException("the peer's answer is not that of LDAP (expected: an extended response)");
        }
        if (answer[result + 2] != 0) {
            throw new ProtocolException("the LDAP server refuses StartTLS with result " + answer[result + 2]);
        }
    }

    /** The contents of one BER element. */
    private byte[] element(int tag) throws IOException {
        if (next() != tag) {
            throw new ProtocolException("the peer's answer is not that of LDAP (expected: a sequence)");
        }
        int length = next();
        if (length > INDEFINITE && length <= INDEFINITE + Integer.BYTES) {
            int bytes = length & 0x7f;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = (length << 8) | next();
            }
        } else if (length >= INDEFINITE) {
            length = -1;
        }
        if (length < 0 || length > LONGEST_ANSWER) {
            throw new ProtocolException("the LDAP server's answer is longer than any to StartTLS");
        }
        byte[] contents = in.readNBytes(length);
        if (contents.length < length) {
            throw new EOFException("the peer closed the connection before the handshake");
        }
        return contents;
    }

    private void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    private int next() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException("the peer closed the connection before the handshake");
        }
        return next;
    }
}
