package dev.detour.health.certificate;

import dev.detour.config.yaml.MalformedYamlException;
import dev.detour.config.yaml.Node;
import dev.detour.config.yaml.YamlReader;
import dev.detour.health.certificate.SourceProblem.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The certificates of a kubeconfig: those inside it, and the files that it refers to. */
final class Kubeconfig {
    private static final String KIND = "kind";

    private final FileScan.Builder into;
    private final List<String> references = new ArrayList<>();

    private Kubeconfig(FileScan.Builder into) {
        this.into = into;
    }

    /** Whether a text that is not PEM should be read as one. */
    static boolean looksLike(String text) {
        return text.lines().anyMatch(line -> line.matches("\"?kind\"?:\\s*\"?Config\"?\\s*"))
                && (text.contains("users:") || text.contains("clusters:"));
    }

    /** Reads it; gives the files that it refers to, as written. */
    static List<String> read(String text, FileScan.Builder into) {
        Kubeconfig config = new Kubeconfig(into);
        try {
            if (YamlReader.read(text) instanceof Node.Mapping root && "Config".equals(text(root, KIND))) {
                config.section(root, "clusters", "cluster", "certificate-authority");
                config.section(root, "users", "user", "client-certificate");
            }
        } catch (MalformedYamlException e) {
            into.problem(Kind.MALFORMED, "a kubeconfig that cannot be read: " + e.getMessage(), "YAML");
        }
        return config.references;
    }

    private void section(Node.Mapping root, String section, String item, String key) {
        if (!(value(root, section) instanceof Node.Sequence items)) {
            return;
        }
        for (Node each : items.items()) {
            if (each instanceof Node.Mapping named && value(named, item) instanceof Node.Mapping settings) {
                String name = item + " " + text(named, "name");
                String reference = text(settings, key);
                if (reference != null) {
                    references.add(reference);
                }
                inline(text(settings, key + "-data"), name + " " + key + "-data");
            }
        }
    }

    private void inline(@Nullable String data, String where) {
        if (data == null) {
            return;
        }
        try {
            byte[] pem = Base64.getMimeDecoder().decode(data);
            String text = new String(pem, StandardCharsets.ISO_8859_1);
            if (PemBundle.looksLike(text)) {
                PemBundle.read(text, where + " ", into);
                return;
            }
        } catch (IllegalArgumentException e) {
            // said below: what is expected helps more than what the decoder met
        }
        into.problem(Kind.EMPTY, where + " holds no certificate", "PEM in base64");
    }

    private static @Nullable String text(Node.Mapping mapping, String key) {
        return value(mapping, key) instanceof Node.Scalar scalar ? scalar.text() : null;
    }

    private static @Nullable Node value(Node.Mapping mapping, String key) {
        return mapping.entries().stream()
                .filter(entry -> entry.key().equals(key))
                .map(Node.Entry::value)
                .findFirst()
                .orElse(null);
    }
}
