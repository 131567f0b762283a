package dev.mortise.examples.production.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.security.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final String SECRET = "k3Q9vZpL0wXyT7uRb2NfEo8sHc5JmA1d";

    @Test
    void nothingHasToBeSet() {
        Settings settings = Settings.of(Map.of());
        assertThat(settings.number(Setting.PORT)).isEqualTo(4321);
        assertThat(settings.resource(4321)).hasToString("http://127.0.0.1:4321/mcp");
        assertThat(settings.environment()).isEqualTo(Environment.DEVELOPMENT);
    }

    @ParameterizedTest
    @CsvSource({
        "PORT, 70000",
        "PORT, http",
        "CALLS_PER_MINUTE, 0",
        "MORTISE_RESOURCE, mcp.example.com",
        "MORTISE_RESOURCE, https://mcp.example.com/other",
        "MORTISE_BIND, 0.0.0.0",
        "MORTISE_SECRET, short",
        "MORTISE_SECRET, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "JWT_ISSUER, http://login.example.com",
        "DATABASE_URL, mysql://db/x",
        "REDIS_URL, redis://127.0.0.1:6379",
        "OTEL_EXPORTER_OTLP_ENDPOINT, collector",
        "OTEL_TRACES_SAMPLER_ARG, 1.5",
        "OTEL_TRACES_SAMPLER_ARG, NaN",
        "MORTISE_PROXIES, proxy.example.com",
        "MORTISE_PROXIES, 10.0.0.0/33",
        "MORTISE_LOG_FORMAT, XML",
        "MORTISE_LOG, loud",
        "JWT_SECRET_KEY_PREVIOUS, short",
        "STRIPE_URL, 127.0.0.1:12111"
    })
    void aWrongValueNamesItself(String name, String value) {
        assertThatThrownBy(() -> Settings.of(Map.of(name, value)))
                .isInstanceOf(WrongSettings.class)
                .hasMessageStartingWith(name);
    }

    @Test
    void aSecretIsChangedToAnotherOne() {
        Map<String, String> settings = new HashMap<>(Map.of("JWT_SECRET_KEY_PREVIOUS", SECRET));
        assertThatThrownBy(() -> Settings.of(settings)).hasMessageContaining("JWT_SECRET_KEY is needed with");
        settings.put("JWT_ISSUER", "https://login.example.com");
        settings.put("JWT_SECRET_KEY", SECRET);
        assertThatThrownBy(() -> Settings.of(settings))
                .hasMessageContaining("JWT_SECRET_KEY_PREVIOUS is the same")
                .hasMessageNotContaining(SECRET);
        settings.put("JWT_SECRET_KEY", SECRET.toLowerCase(java.util.Locale.ROOT));
        assertThat(Settings.of(settings).toString()).doesNotContainIgnoringCase(SECRET);
    }

    @Test
    void aStandInForStripeIsForTestKeysAlone() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "STRIPE_SECRET_KEY", "sk_live_x",
                "STRIPE_WEBHOOK_SECRET", "whsec_x",
                "STRIPE_PRICES", "starter=price_1",
                "STRIPE_URL", "http://127.0.0.1:12111"));
        assertThatThrownBy(() -> Settings.of(settings)).hasMessageContaining("STRIPE_URL is for tests");
        settings.put("STRIPE_SECRET_KEY", "sk_test_x");
        assertThat(Settings.of(settings).get(Setting.STRIPE_URL)).isEqualTo("http://127.0.0.1:12111");
    }

    @Test
    void allThatAreWrongAreNamedAtOnceAndNoSecretIsShown() {
        Map<String, String> wrong = new HashMap<>();
        wrong.put("PORT", "x");
        wrong.put("DATABASE_URL", "postgresql://ann:pa55word@/db");
        wrong.put("JWT_SECRET_KEY", "hunter2hunter2");
        assertThatThrownBy(() -> Settings.of(wrong))
                .hasMessageContainingAll("PORT", "DATABASE_URL", "MORTISE_SECRET", "JWT_SECRET_KEY", "JWT_ISSUER")
                .hasMessageNotContainingAny("pa55word", "hunter2");
    }

    @Test
    void noSecretIsInWhatIsShown() {
        Settings settings = Settings.of(Map.of(
                "DATABASE_URL", "postgresql://ann:pa55word@127.0.0.1/db",
                "REDIS_URL", "redis://:pa55word@127.0.0.1:6379",
                "MORTISE_SECRET", SECRET));
        assertThat(settings + SettingsPage.markdown(settings)).doesNotContain("pa55word", SECRET);
        assertThat(Settings.unknown(Map.of("MORTISE_DTA", "x", "PATH", "y"))).containsExactly("MORTISE_DTA");
    }

    @Test
    void thePageHasThemAll() throws Exception {
        assertThat(Files.readString(Path.of("SETTINGS.md"))).isEqualTo(SettingsPage.markdown());
    }
}
