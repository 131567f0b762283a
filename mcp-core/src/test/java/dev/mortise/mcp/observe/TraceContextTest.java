package dev.mortise.mcp.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.mortise.mcp.schema.Meta;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";

    @Test
    void takesWhatTheStandardsAllow() {
        TraceContext context = TraceContext.of(PARENT, "rojo=00f067aa0ba902b7,congo=t61", "user=a%20b;p=1,x=2");

        assertThat(context.traceId()).contains("0af7651916cd43dd8448eb211c80319c");
        assertThat(context.spanId()).contains("00f067aa0ba902b7");
        assertThat(context.meta().text("tracestate")).contains("rojo=00f067aa0ba902b7,congo=t61");
        assertThat(context.baggage()).isEqualTo("user=a%20b;p=1,x=2");
        assertThat(TraceContext.of("cc" + PARENT.substring(2) + "-what-comes-later", null, null)
                        .traceId())
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01",
                "00-0AF7651916CD43DD8448EB211C80319C-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01-more",
                "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-0g",
                "00_0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01",
                "01-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01.x",
                " 00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01"
            })
    void leavesOutWhatIsMalformedAndWhatDependsOnIt(String traceparent) {
        assertThat(TraceContext.of(traceparent, "a=b", null)).isEqualTo(TraceContext.NONE);
    }

    @Test
    void leavesOutWhatIsTooLargeOrHostile() {
        assertThat(TraceContext.of(PARENT, "a=" + "x".repeat(600), null).tracestate())
                .isNull();
        assertThat(TraceContext.of(PARENT, "a=1,".repeat(40) + "b=2", null).tracestate())
                .isNull();
        assertThat(TraceContext.of(PARENT, null, "a=" + "x".repeat(9_000)).baggage())
                .isNull();
        assertThat(TraceContext.of(PARENT, null, "a=b\r\nSet-Cookie: x").baggage())
                .isNull();
        assertThat(TraceContext.of("00" + "-".repeat(100_000), null, null)).isEqualTo(TraceContext.NONE);
    }

    @Test
    void severalLinesOfAListAreOneAndSeveralParentsAreNone() {
        TraceContext lists = TraceContext.ofRequest(Wire.head(Map.of(
                "traceparent", List.of(PARENT), "tracestate", List.of("a=1", "b=2"), "baggage", List.of("c=3"))));
        assertThat(lists.tracestate()).isEqualTo("a=1,b=2");
        assertThat(lists.baggage()).isEqualTo("c=3");

        assertThat(TraceContext.ofRequest(Wire.head(Map.of("traceparent", List.of(PARENT, PARENT)))))
                .isEqualTo(TraceContext.NONE);
    }

    @Test
    void ofMetaOnlyTextCounts() {
        Meta meta = Meta.of("traceparent", 12).with("baggage", List.of("a"));

        assertThat(TraceContext.ofMessage(meta)).isEqualTo(TraceContext.NONE);
    }

    @Property(tries = 300)
    void neverThrows(
            @ForAll @StringLength(max = 300) String parent,
            @ForAll @StringLength(max = 600) String state,
            @ForAll String baggage) {
        assertThatCode(() -> TraceContext.of(parent, state, baggage)).doesNotThrowAnyException();
        assertThat(TraceContext.of(PARENT.substring(0, 20) + parent, state, null)
                        .tracestate())
                .isNull();
    }
}
