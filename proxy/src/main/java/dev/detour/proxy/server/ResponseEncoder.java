package dev.detour.proxy.server;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

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
}
