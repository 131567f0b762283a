package dev.mortise.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventNumberTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 35, 36, 1295, Integer.MAX_VALUE, 1L << 61})
    void anIdIsReadAsItWasWritten(long number) {
        String id = EventNumber.id(EventNumber.charge("a-_-Z", number), "api_calls");
        assertThat(EventNumber.of(id)).contains(new EventNumber("a-_-Z", number, "api_calls"));
        assertThat(EventNumber.number(id, "a-_-Z", "api_calls")).isEqualTo(number);
        assertThat(EventNumber.number(id, "a-_-Y", "api_calls")).isZero();
        assertThat(EventNumber.number(id, "a-_-Z", "pi_calls")).isZero();
        assertThat(EventNumber.number(id, "a-_", "api_calls")).isZero();
    }

    /** Two ids of one number would be two events. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "-",
                "-1/m",
                "r-/m",
                "r-0/m",
                "r-01/m",
                "r-A/m",
                "r-1",
                "r-+1/m",
                "r--/m",
                "r1/m",
                "r-zzzzzzzzzzzzzz/m",
                "r- 1/m",
                "r-1 /m"
            })
    void nothingElseIsOne(String id) {
        assertThat(EventNumber.of(id)).isEqualTo(Optional.empty());
    }

    @Test
    void aMeterMayHaveHyphens() {
        assertThat(EventNumber.of("r-1/a-2")).contains(new EventNumber("r", 1, "a-2"));
    }
}
