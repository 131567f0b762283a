package dev.mortise.mcp.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.server.Tool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.spi.LoggingEventAware;

class CallLogTest {
    record Args(java.util.Optional<String> secret) {}

    /** A logger that remembers. */
    private static final class Recorder extends LegacyAbstractLogger implements LoggingEventAware {
        private static final long serialVersionUID = 1L;
        private final transient List<LoggingEvent> events = Collections.synchronizedList(new ArrayList<>());
        private boolean on = true;

        @Override
        public void log(LoggingEvent event) {
            events.add(event);
        }

        Map<String, Object> only() {
            assertThat(events).hasSize(1);
            Map<String, Object> values = new HashMap<>();
            events.get(0).getKeyValuePairs().forEach(pair -> values.put(pair.key, pair.value));
            return values;
        }

        @Override
        protected String getFullyQualifiedCallerName() {
            return Recorder.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String message, Object[] arguments, Throwable throwable) {
            throw new AssertionError("not by key values: " + message);
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return on;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }

    private final Recorder recorder = new Recorder();
    private final AtomicLong nanos = new AtomicLong();

    private Wire wire(CallLog.Builder log) {
        return Wire.to(McpServer.builder("test", "1")
                .authenticator(origin -> Authenticator.admit(Wire.ada()))
                .plugin(log.logger(recorder).nanoClock(nanos::get).build())
                .tool(Tool.of("work", "Works", Args.class, in -> {
                    nanos.addAndGet(5_000_000);
                    return "done";
                }))
                .build());
    }

    @Test
    void oneLineACallWithWhatOneLooksFor() {
        wire(CallLog.builder())
                .send(
                        "tools/call",
                        "{'name':'work','arguments':{'secret':'hunter2'}}",
                        "{'traceparent':'00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1111111111111111-01'}");

        Map<String, Object> line = recorder.only();
        assertThat(line)
                .containsEntry("event.action", "tools/call")
                .containsEntry("gen_ai.tool.name", "work")
                .containsEntry("event.duration", 5_000_000L)
                .containsEntry("jsonrpc.request.id", "7")
                .containsEntry("trace.id", "a".repeat(32))
                .doesNotContainKey("user.id");
        assertThat((String) line.get("user.hash")).hasSize(16);
        assertThat(recorder.events.get(0).getLevel()).isEqualTo(Level.INFO);
        assertThat(line.toString() + recorder.events.get(0).getArguments()).doesNotContain("ada", "acme", "hunter2");
    }

    @Test
    void aKeyMakesTheSamePseudonymEverywhere() {
        byte[] key = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

        assertThat(CallerHash.keyed(key).text(Wire.ada()))
                .isEqualTo(CallerHash.keyed(key).text(Wire.ada()))
                .isNotEqualTo(CallerHash.random().text(Wire.ada()))
                .isNotEqualTo(CallerHash.keyed(key).text(Wire.ada().withTenant("other")));
    }

    @Test
    void callersByNameWhereThatIsWanted() {
        wire(CallLog.builder().callersBySubject()).call("work");

        assertThat(recorder.only())
                .containsEntry("user.id", "ada")
                .containsEntry("organization.id", "acme")
                .containsEntry("event.outcome", "success")
                .containsEntry("mcp.outcome", "complete");
    }

    @Test
    void whatAClientChoosesIsRedactedCutAndOnOneLine() {
        wire(CallLog.builder()).call("x\\nINFO forged eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc " + "y".repeat(500));

        Map<String, Object> line = recorder.only();
        assertThat(line).containsEntry("event.outcome", "failure").containsEntry("mcp.outcome", "not_found");
        assertThat((String) line.get("gen_ai.tool.name"))
                .startsWith("x?INFO forged [redacted] yyy")
                .hasSizeLessThan(140)
                .doesNotContain("\n");
        assertThat(recorder.events.get(0).getArguments().toString()).doesNotContain("\n", "eyJhbGci");
    }

    @Test
    void isSilentWhereTheLoggerIsOff() {
        recorder.on = false;
        wire(CallLog.builder()).call("work");

        assertThat(recorder.events).isEmpty();
    }
}
