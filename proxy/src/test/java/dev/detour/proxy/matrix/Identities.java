package dev.detour.proxy.matrix;

import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import javax.net.ssl.SSLContext;

/** The certificates that backends of the matrix show: good ones, and one with each defect. Made once, used by every cell. */
final class Identities {
    static final TestCertificates CERTIFICATES = TestCertificates.create();
    static final TestIdentity SERVER = CERTIFICATES.server();
    static final SSLContext GOOD = SERVER.serverContext();
    static final SSLContext EXPIRED = CERTIFICATES.expired().serverContext();
    static final SSLContext EXPIRED_INTERMEDIATE =
            CERTIFICATES.expiredIntermediate().serverContext();
    static final SSLContext NOT_YET_VALID = CERTIFICATES.notYetValid().serverContext();
    static final SSLContext UNTRUSTED = CERTIFICATES.untrusted().serverContext();
    static final SSLContext SELF_SIGNED = CERTIFICATES.selfSigned().serverContext();
    static final SSLContext MISSING_INTERMEDIATE =
            CERTIFICATES.missingIntermediate().serverContext();
    static final SSLContext WRONG_HOST = CERTIFICATES.wrongHost().serverContext();
    static final SSLContext WRONG_USAGE = CERTIFICATES.wrongUsage().serverContext();
    static final SSLContext WEAK_KEY = CERTIFICATES.weakKey().serverContext();
    static final SSLContext WEAK_INTERMEDIATE = CERTIFICATES.weakIntermediate().serverContext();

    private Identities() {}
}
