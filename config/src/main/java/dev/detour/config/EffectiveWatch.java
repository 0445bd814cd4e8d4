package dev.detour.config;

import static dev.detour.config.EffectiveConfig.ordered;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is watched and who is told, in force, as YAML that can be loaded. */
final class EffectiveWatch {
    private EffectiveWatch() {}

    static Map<String, Object> certificates(CertificatesConfig config) {
        Map<String, Object> sources = new LinkedHashMap<>();
        config.sources().forEach(source -> sources.put(source.name(), source(source)));
        return ordered(
                "every",
                Units.format(config.every()),
                "probe-every",
                Units.format(config.probeEvery()),
                "warn",
                text(config.warn()),
                "critical",
                text(config.critical()),
                "sources",
                sources.isEmpty() ? null : sources);
    }

    private static Map<String, Object> source(CertificatesConfig.Source source) {
        Map<String, Object> tree = place(source.place());
        tree.putAll(ordered("warn", text(source.warn()), "critical", text(source.critical())));
        return tree;
    }

    private static Map<String, Object> place(CertificatesConfig.Place place) {
        if (place instanceof CertificatesConfig.Server server) {
            return ordered("server", server.target(), "trust", server.trust());
        }
        if (place instanceof CertificatesConfig.Vault vault) {
            return ordered(
                    "vault",
                    ordered(
                            "url", vault.url().toString(),
                            "mount", vault.mount(),
                            "token-file", vault.tokenFile(),
                            "namespace", vault.namespace(),
                            "limit", vault.limit()),
                    "trust",
                    vault.trust());
        }
        CertificatesConfig.Files files = (CertificatesConfig.Files) place;
        return ordered(
                "files", files.path(),
                "password-file", files.passwordFile(),
                "served-by", orNone(files.servedBy()));
    }

    static Map<String, Object> crls(CrlsConfig config) {
        Map<String, Object> sources = new LinkedHashMap<>();
        config.sources().forEach(source -> sources.put(source.name(), crl(source)));
        CrlsConfig.FromCertificates from = config.fromCertificates();
        return ordered(
                "every",
                Units.format(config.every()),
                "sources",
                sources.isEmpty() ? null : sources,
                "from-certificates",
                from == null ? null : ordered("hosts", from.hosts(), "limit", from.limit()));
    }

    private static Map<String, Object> crl(CrlsConfig.Source source) {
        return ordered(
                "file", source.file(),
                "url", source.url() == null ? null : source.url().toString(),
                "trust", source.trust(),
                "issuer", source.issuer(),
                "limit", source.limit(),
                "lifetime", EffectiveConfig.duration(source.lifetime()),
                "live", source.live());
    }

    static Map<String, Object> alarms(AlarmsConfig config) {
        Map<String, Object> receivers = new LinkedHashMap<>();
        config.receivers().forEach(receiver -> receivers.put(receiver.name(), receiver(receiver)));
        return ordered("instance", config.instance(), "receivers", receivers.isEmpty() ? null : receivers);
    }

    private static Map<String, Object> receiver(AlarmsConfig.Receiver receiver) {
        Path token = receiver.tokenFile();
        return ordered(
                receiver.form().label(),
                receiver.url().toString(),
                "token-file",
                token,
                "trust",
                receiver.trust(),
                "least",
                receiver.least().label(),
                "repeat",
                Units.format(receiver.repeat()));
    }

    private static @Nullable List<String> orNone(List<String> values) {
        return values.isEmpty() ? null : values;
    }

    private static @Nullable String text(@Nullable LifeMark mark) {
        return mark == null ? null : mark.toString();
    }
}
