package dev.mortise.security.secret;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What secrets a server needs before it may start. As a plugin it fails the building of the server, and names all that
 * is wrong at once. Not thread-safe.
 */
public final class SecretCheck implements McpServer.Plugin {
    private final Secrets secrets;
    private final Map<String, Integer> needed = new LinkedHashMap<>();

    private SecretCheck(Secrets secrets) {
        this.secrets = secrets;
    }

    public static SecretCheck of(Secrets secrets) {
        return new SecretCheck(secrets);
    }

    /** It has to be there; what it is, others decide, such as the password of a database. */
    public SecretCheck present(String name) {
        needed.put(name, 0);
        return this;
    }

    /**
     * It has to be there, and good: long enough, no placeholder, not too regular.
     *
     * @param minBytes at least; 32 for a key of HMAC-SHA-256 (RFC 7518 section 3.2)
     */
    public SecretCheck strong(String name, int minBytes) {
        if (minBytes < 1) {
            throw new IllegalArgumentException("A strong secret has at least a byte, not " + minBytes);
        }
        needed.put(name, minBytes);
        return this;
    }

    /** @throws UnusableSecrets if any of them is not as it has to be, naming all of those */
    public void verify() {
        List<String> problems = new ArrayList<>();
        needed.forEach((name, minBytes) -> {
            try {
                secrets.find(name)
                        .map(secret -> minBytes == 0 ? presence(secret) : Strength.flaw(secret, minBytes))
                        .orElse(Optional.of("is missing"))
                        .ifPresent(flaw -> problems.add(name + " " + flaw));
            } catch (SecretUnavailable e) {
                problems.add(name + " cannot be read");
            }
        });
        if (!problems.isEmpty()) {
            throw new UnusableSecrets(problems);
        }
    }

    private static Optional<String> presence(Secret secret) {
        return secret.length() == 0 ? Optional.of("is empty") : Optional.empty();
    }

    @Override
    public void install(McpServerBuilder builder) {
        verify();
    }
}
