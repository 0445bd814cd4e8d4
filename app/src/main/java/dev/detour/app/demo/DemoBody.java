package dev.detour.app.demo;

import io.netty.buffer.ByteBuf;

/** What becomes of the body of one request, and the answer once it is complete. Confined to the event loop. */
interface DemoBody {
    /** Takes the next part, whose buffer stays the caller's. */
    void add(ByteBuf part);

    /** The answer of a healthy index, asked for once, after the last part. */
    DemoAnswer finish();

    /** A body that is read and dropped. */
    static DemoBody ignored(DemoAnswer answer) {
        return new DemoBody() {
            @Override
            public void add(ByteBuf part) {}

            @Override
            public DemoAnswer finish() {
                return answer;
            }
        };
    }
}
