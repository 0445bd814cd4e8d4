package dev.detour.proxy.server;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP/1.1 response encoder that is told whether the request was a HEAD. Apart from the decoder, so that bytes encoded
 * elsewhere can be written past it.
 */
final class ResponseEncoder extends HttpResponseEncoder {
    private boolean head;

    void answerToHead(boolean head) {
        this.head = head;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return (head && response.status().code() >= 200) || super.isContentAlwaysEmpty(response);
    }

    /** Netty writes the reason phrase as US-ASCII; operators and backends may use ISO-8859-1 (RFC 9112 4, obs-text). */
    @Override
    protected void encodeInitialLine(ByteBuf buffer, HttpResponse response) throws Exception {
        String phrase = response.status().reasonPhrase();
        if (isAscii(phrase)) {
            super.encodeInitialLine(buffer, response);
        } else {
            String line = response.protocolVersion() + " " + response.status().code() + " " + phrase + "\r\n";
            buffer.writeCharSequence(line, StandardCharsets.ISO_8859_1);
        }
    }

    private static boolean isAscii(String phrase) {
        for (int i = 0; i < phrase.length(); i++) {
            if (phrase.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
