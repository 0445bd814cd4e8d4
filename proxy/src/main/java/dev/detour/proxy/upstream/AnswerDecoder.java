package dev.detour.proxy.upstream;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;

/**
 * An HTTP/1.1 response decoder that is told whether the request was a HEAD. One request at a time is on a connection, so a
 * flag does what {@code HttpClientCodec} keeps a queue for.
 */
final class AnswerDecoder extends HttpResponseDecoder {
    /** Large chunks: a megabyte in few objects and few writes. */
    private static final int MAX_CHUNK = 256 * 1024;

    private boolean head;

    AnswerDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(8 * 1024)
                .setMaxHeaderSize(64 * 1024)
                .setMaxChunkSize(MAX_CHUNK));
    }

    void expectAnswerToHead(boolean head) {
        this.head = head;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        if (head
                && message instanceof HttpResponse response
                && response.status().code() >= 200) {
            return true;
        }
        return super.isContentAlwaysEmpty(message);
    }
}
