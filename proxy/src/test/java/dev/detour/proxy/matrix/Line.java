package dev.detour.proxy.matrix;

/** What client, proxy and backend speak with each other. */
enum Line {
    /** Clear text on both sides. */
    CLEAR("clear", "openssl", false, false),
    /** TLS with the backend, by the JDK's engine. */
    TLS_JDK("TLS by the JDK", "jdk", true, false),
    /** TLS with the backend, by BoringSSL. */
    TLS_OPENSSL("TLS by BoringSSL", "openssl", true, false),
    /** TLS with the client, clear text with the backend. */
    CLIENT_TLS("clear, client with TLS", "openssl", false, true),
    /** TLS on both sides. */
    BOTH_TLS("TLS, client with TLS", "openssl", true, true);

    private final String label;
    private final String provider;
    private final boolean backendTls;
    private final boolean clientTls;

    Line(String label, String provider, boolean backendTls, boolean clientTls) {
        this.label = label;
        this.provider = provider;
        this.backendTls = backendTls;
        this.clientTls = clientTls;
    }

    String label() {
        return label;
    }

    /** The value of {@code detour.tls.provider}. */
    String provider() {
        return provider;
    }

    boolean backendTls() {
        return backendTls;
    }

    boolean clientTls() {
        return clientTls;
    }
}
