package dev.detour.proxy.exchange;

import dev.detour.health.failure.Failure;
import dev.detour.proxy.refuse.RefusalCause;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;

/** Who wants a backend's answer, as the {@link BackendInquiry} sees it. Called on its event loop. */
interface Asker {
    /** An interim (1xx) answer. */
    void onInterim(HttpResponse head);

    /** A head that can be true. */
    void onHead(HttpResponse head);

    /** The backend got a write and its answer says that it is broken: nobody knows better what became of it. */
    void onBrokenAnswerToWrite(HttpResponse head, Failure broken);

    /** A piece of the body; takes ownership. */
    void onAnswerContent(HttpContent content);

    /** What the backend had sent has been delivered. */
    void onAnswerReadComplete();

    /** Whether anyone has got a part of the answer. */
    boolean committed();

    /** An attempt has failed; another may follow. */
    void onAttemptFailed(Failure cause);

    /** The backend was not asked. */
    void onNotAsked(String because, RefusalCause otherwise);

    /** Everyone that may be asked at the backend has failed. */
    void onBackendFailed(Failure cause, RefusalCause otherwise);

    /** The answer broke after a part of it was sent. */
    void onBroken(Failure cause);

    /** Something of ours failed. */
    void onBug(RuntimeException bug);
}
