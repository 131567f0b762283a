package dev.mortise.mcp.client.auth;

import dev.mortise.mcp.internal.auth.TokenFile;
import java.io.IOException;
import java.nio.file.Path;

/** Gives the token by which a platform vouches for the program that runs on it, such as a Kubernetes service account. */
@FunctionalInterface
public interface WorkloadToken {
    /**
     * A token that is good now; asked for each time one is needed.
     *
     * @param issuer the authorization server that it is shown to, which has to be its audience
     */
    String get(String issuer) throws IOException;

    /**
     * A file that the platform keeps up to date; read each time. What is in it has the audience that the platform was
     * told, whoever asks.
     */
    static WorkloadToken file(Path file) {
        return new TokenFile(file);
    }
}
