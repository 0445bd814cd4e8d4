package dev.detour.config;

/** What kind of API a request belongs to: decides the default fallback and how a refusal is worded. */
public enum ApiClass {
    SIMPLE("simple"),
    JSON("json"),
    FILE("file"),
    UPLOAD("upload"),
    XMLRPC("xmlrpc"),
    OIDC("oidc"),
    WEB("web"),
    OTHER("other");

    private final String label;

    ApiClass(String label) {
        this.label = label;
    }

    /** The name used in configuration, metrics and logs. */
    public String label() {
        return label;
    }
}
