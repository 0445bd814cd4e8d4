package dev.detour.proxy.exchange;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Memory that the copies in the making of one event loop may take together, in bytes. Confined to the loop. */
final class CaptureRoom {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureRoom.class);
    private static final int LIMIT = 16 << 20;

    private int taken;
    private boolean reported;

    /** Whether so much more may be taken; then it is. */
    boolean take(int bytes) {
        if (bytes > LIMIT - taken) {
            return false;
        }
        taken += bytes;
        return true;
    }

    void giveBack(int bytes) {
        taken -= bytes;
    }

    /** A sink threw, which it must not: said once, for it may do so with every answer. */
    void report(RuntimeException bug) {
        if (reported) {
            LOG.debug("an answer could not be copied for the mirror", bug);
        } else {
            reported = true;
            LOG.error("an answer could not be copied for the mirror; more of this is logged at debug level only", bug);
        }
    }
}
