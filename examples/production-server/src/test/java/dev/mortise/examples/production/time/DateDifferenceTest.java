package dev.mortise.examples.production.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DateDifferenceTest {
    @ParameterizedTest
    @CsvSource({
        "2026-01-22T23:59, 2026-01-23T00:01, UTC, PT2M, 0, 0, 2",
        "2026-01-23T00:01, 2026-01-22T23:59, UTC, PT-2M, 0, 0, -2",
        "2026-01-22, 2026-03-01, UTC, P1M7D, 38, 912, 54720",
        "2026-01-22T10:00, 2026-02-24T09:30, UTC, P1M1DT23H30M, 32, 791, 47490",
        "2026-01-22, 2026-01-22, UTC, P0D, 0, 0, 0",
        // The night in which summer time begins has an hour less.
        "2026-03-29T00:00, 2026-03-29T06:00, Europe/Berlin, PT5H, 0, 5, 300"
    })
    void periodAndDaysHeedTheTimes(
            String from, String to, String zone, String period, long days, long hours, long minutes) throws Exception {
        TimeTools.Span span = TimeTools.between(new TimeTools.Between(from, to, zone, List.of()));
        assertThat(span.period()).isEqualTo(period);
        assertThat(span.days()).isEqualTo(days);
        assertThat(span.hours()).isEqualTo(hours);
        assertThat(span.minutes()).isEqualTo(minutes);
    }
}
