package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.WorkloadToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A token in a file, the same for every issuer: the authorization sees to it that only the stated one gets it. */
public record TokenFile(Path file) implements WorkloadToken {
    private static final int MAX_BYTES = 64 * 1024;

    @Override
    public String get(String issuer) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip();
        }
    }
}
