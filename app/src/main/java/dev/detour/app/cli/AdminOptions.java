package dev.detour.app.cli;

import dev.detour.admin.client.AdminClient;
import dev.detour.admin.client.AdminClientException;
import java.net.URI;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of commands that talk to a running instance. */
final class AdminOptions {
    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = "the instance's admin address (default: ${DEFAULT-VALUE})")
    private URI admin = URI.create("http://127.0.0.1:9901");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "holds the bearer token (default: ${DEFAULT-VALUE})")
    private Path tokenFile = Path.of("admin.token");

    @Option(names = "--json", description = "prints the result as JSON")
    private boolean json;

    AdminClient open() throws AdminClientException {
        return AdminClient.open(admin, tokenFile);
    }

    boolean json() {
        return json;
    }
}
