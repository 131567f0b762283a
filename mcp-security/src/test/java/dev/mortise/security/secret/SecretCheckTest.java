package dev.mortise.security.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretCheckTest {
    @Test
    void aServerDoesNotStartAndSaysAllThatIsWrongAtOnce() {
        Map<String, String> values =
                Map.of("short", "x7Gq2", "default", "changeme-changeme-changeme-changeme", "fine", "hunter3");
        Secrets secrets = Secrets.from(
                name -> {
                    if (name.equals("broken")) {
                        throw new java.io.IOException("down");
                    }
                    return Optional.ofNullable(values.get(name)).map(Secret::of);
                },
                Duration.ofMinutes(1));
        SecretCheck check = SecretCheck.of(secrets)
                .strong("short", 32)
                .strong("default", 32)
                .strong("missing", 32)
                .present("gone")
                .present("broken")
                .present("fine");
        assertThatThrownBy(() -> McpServer.builder("test", "1").plugin(check).build())
                .isInstanceOfSatisfying(UnusableSecrets.class, e -> {
                    assertThat(e.problems())
                            .containsExactly(
                                    "short has 5 bytes, and needs at least 32",
                                    "default is a placeholder, or known from an example",
                                    "missing is missing",
                                    "gone is missing",
                                    "broken cannot be read");
                    assertThat(e.getMessage()).doesNotContain("x7Gq2").doesNotContain("changeme");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "changeme",
                "Password123",
                "your-256-bit-secret",
                "<your signing key goes in this very place>",
                "${SIGNING_KEY:-not-set-to-anything-yet}",
                "replace-me-with-32-random-characters-please",
                "put-your-own-key-of-32-characters-here",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "abcabcabcabcabcabcabcabcabcabcabcabcabcabc",
                "0123456789abcdefghijklmnopqrstuvwxyzABCDEF",
                "00000000000000000000000000000000000000001",
                "qwerty",
            })
    void isNoSecret(String value) {
        assertThat(Strength.flaw(Secret.of(value), 32)).isPresent();
    }

    @RepeatedTest(50)
    void whatIsRandomIsGood() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        for (Secret good : List.of(
                Secret.of(random),
                Secret.of(HexFormat.of().formatHex(random)),
                Secret.of(Base64.getEncoder().encodeToString(random)))) {
            assertThat(Strength.flaw(good, 32)).isEmpty();
        }
        assertThat(Strength.flaw(Secret.of(HexFormat.of().formatHex(random, 0, 16)), 16))
                .isEmpty();
    }
}
