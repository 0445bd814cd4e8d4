package dev.detour.app.load;

import dev.detour.testkit.load.LoadFault;
import dev.detour.testkit.load.LoadIndex;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;

/** Gives endpoints faults at random, of requests and of connections alike. */
final class FaultDice {
    private static final Duration SLOW = Duration.ofMillis(700);

    /** Otherwise the breaker is open most of the time, and the endpoints idle. */
    private static final double HEALTHY = 0.6;

    private final Random random;
    private final SSLContext valid;
    private final SSLContext expired;

    /** What an endpoint may be. */
    private enum Face {
        HEALTHY,
        STATUS_502,
        STATUS_503,
        RESET,
        HANG,
        SLOW,
        TRUNCATE,
        REFUSE,
        TLS_EXPIRED
    }

    /**
     * A die.
     *
     * @param valid what healthy endpoints show
     * @param expired what endpoints with an expired certificate show
     */
    FaultDice(Random random, SSLContext valid, SSLContext expired) {
        this.random = random;
        this.valid = valid;
        this.expired = expired;
    }

    /** Puts another fault in force, or none; it may be the one before. */
    void roll(LoadIndex endpoint) {
        Face[] faces = Face.values();
        boolean healthy = random.nextDouble() < HEALTHY;
        become(endpoint, healthy ? Face.HEALTHY : faces[1 + random.nextInt(faces.length - 1)]);
    }

    /** Ends all faults. */
    void heal(List<LoadIndex> endpoints) {
        endpoints.forEach(each -> become(each, Face.HEALTHY));
    }

    private void become(LoadIndex endpoint, Face face) {
        endpoint.slowness(SLOW);
        endpoint.fault(
                switch (face) {
                    case HEALTHY, REFUSE, TLS_EXPIRED -> LoadFault.NONE;
                    default -> LoadFault.valueOf(face.name());
                });
        endpoint.identity(face == Face.TLS_EXPIRED ? expired : valid);
        if (face == Face.REFUSE) {
            endpoint.refuse();
        } else {
            endpoint.listenAgain();
        }
    }
}
