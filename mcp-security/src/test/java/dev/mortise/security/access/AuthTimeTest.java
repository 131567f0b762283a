package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The auth_time of ID tokens, on which a step-up rests. */
class AuthTimeTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_795_400_000);

    @Test
    void wholeSecondsThatAreOverAreTaken() {
        assertThat(SignIn.authTime(Json.parse("{\"auth_time\":1795399990}"), NOW))
                .contains(NOW.minusSeconds(10));
        assertThat(SignIn.authTime(Json.parse("{\"auth_time\":1795400060}"), NOW))
                .as("the clock of the provider is ahead")
                .contains(NOW.plusSeconds(60));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"auth_time\":null}",
                "{\"auth_time\":\"1795399990\"}",
                "{\"auth_time\":1795399990.5}",
                "{\"auth_time\":-1}",
                "{\"auth_time\":1795400061}",
                "{\"auth_time\":1795399990000}",
                "{\"auth_time\":179539999000000000000000}",
                "{\"auth_time\":[1795399990]}",
                "{\"auth_time\":true}"
            })
    void anythingElseProvesNothing(String claims) {
        assertThat(SignIn.authTime(Json.parse(claims), NOW)).isEmpty();
    }
}
