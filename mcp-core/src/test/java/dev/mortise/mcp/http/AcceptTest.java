package dev.mortise.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json, text/event-stream | true | true",
                "text/event-stream,application/json  | true | true",
                "*/*                                 | true | true",
                "application/*                       | true | false",
                "application/json                    | true | false",
                "APPLICATION/JSON;charset=utf-8      | true | false",
                "text/event-stream                   | false | true",
                "text/*;q=0.5                        | false | true",
                "text/html                           | false | false",
                "application/json;q=0, */*           | false | true",
                "*/*, text/event-stream; q=0.0       | true | false",
                "application/json;q=0.001            | true | false",
                "' '                                 | true | true",
            })
    void readsWhatAClientTakes(String value, boolean json, boolean events) {
        assertThat(Accept.of(List.of(value))).isEqualTo(new Accept(json, events));
    }

    @Test
    void takesAnythingFromWhoSaysNothing() {
        assertThat(Accept.of(List.of())).isEqualTo(new Accept(true, true));
    }

    @Test
    void joinsFieldLines() {
        assertThat(Accept.of(List.of("application/json", "text/event-stream"))).isEqualTo(new Accept(true, true));
    }
}
