package dev.detour.proxy.upstream;

import dev.detour.health.failure.Failure;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;

/**
 * Who waits for the answer to a request sent over an {@link UpstreamConnection}. Called on the connection's event loop, in
 * this order: any number of interim heads, one final head, contents of which the last is a {@code LastHttpContent}; or at
 * any point one failure, after which nothing more comes.
 */
public interface AnswerListener {
    /** An interim (1xx) or final head. */
    void onHead(HttpResponse head);

    /** A piece of the body, which the listener now owns. */
    void onContent(HttpContent content);

    /** What could be read for now has been delivered: the moment to flush. */
    void onReadComplete();

    /** Whether more of the request body may be written changed. */
    void onWritabilityChanged(boolean writable);

    /** The connection broke, timed out, or the answer was not HTTP. The connection is closed already. */
    void onFailure(Failure failure);
}
