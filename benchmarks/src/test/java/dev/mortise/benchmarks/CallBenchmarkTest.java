package dev.mortise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is measured is a successful call, and not a quick refusal. */
class CallBenchmarkTest {
    private static final String TEXT = "12 x oak board 2 m: 22740 cents";

    private final CallBenchmark benchmark = new CallBenchmark();

    @Test
    void everyBenchmarkAnswersItsCall() {
        assertThat(text(benchmark.text())).contains("\"text\":\"" + TEXT + "\"", "\"resultType\":\"complete\"");
        assertThat(text(benchmark.structured()))
                .contains("\"structuredContent\":{\"product\":\"oak board 2 m\",\"totalCents\":22740}");
        assertThat(benchmark.textOverHttpBinding()).isEqualTo(benchmark.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "metrics", "logged", "traced", "protected", "all", "observed"})
    void anObservedCallIsAnsweredAsAnyOther(String observed) {
        ObserveBenchmark observing = new ObserveBenchmark();
        observing.with = observed;
        observing.compose();

        assertThat(observing.call()).isEqualTo(benchmark.text());
    }

    @Test
    void theLineOfACallIsMadeToItsEnd() {
        ObserveBenchmark observing = new ObserveBenchmark();
        observing.with = "all";
        observing.compose();
        observing.call();

        ILoggingEvent line = Objects.requireNonNull(LastLine.seen());
        assertThat(line.getFormattedMessage()).isEqualTo("tools/call quote: complete");
        assertThat(line.getKeyValuePairs()).hasSizeGreaterThan(8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
