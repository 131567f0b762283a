package dev.mortise.mcp.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.server.Tool;
import java.util.ArrayList;
import java.util.Arrays;
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

        private transient List<String> frames = List.of();

        @Override
        public void log(LoggingEvent event) {
            frames = StackWalker.getInstance()
                    .walk(stack ->
                            stack.map(StackWalker.StackFrame::getClassName).toList());
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

    /** A logger as there are some: with a formatted message at most. */
    private static final class PlainLogger extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1L;
        private final transient List<String> lines = Collections.synchronizedList(new ArrayList<>());

        @Override
        protected String getFullyQualifiedCallerName() {
            return PlainLogger.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String message, Object[] arguments, Throwable throwable) {
            lines.add(message + " " + Arrays.toString(arguments));
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
            return true;
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
                .tool(Tool.of("break", "Breaks", Args.class, in -> {
                    throw new IllegalStateException("secret of the house");
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
    void linesOfTheSameKindShareNothingThatDiffers() {
        Wire wire = wire(CallLog.builder());
        wire.send("tools/call", "{'name':'work','arguments':{}}", "{}");
        wire.from(Wire.head(Map.of())).send("tools/call", "{'name':'work','arguments':{}}", "{}");

        assertThat(recorder.events).hasSize(2);
        assertThat(keys(0))
                .containsExactly(
                        "event.action",
                        "event.outcome",
                        "event.duration",
                        "mcp.outcome",
                        "mcp.protocol.version",
                        "jsonrpc.request.id",
                        "user.hash",
                        "gen_ai.tool.name");
        assertThat(keys(1)).hasSize(9).endsWith("client.address");
        recorder.events.get(0).getArgumentArray()[0] = "changed by an appender";
        assertThat(recorder.events.get(0).getArguments()).containsExactly("tools/call", "work", "complete");
        assertThat(recorder.events.get(1).getArguments()).containsExactly("tools/call", "work", "complete");
    }

    private List<String> keys(int line) {
        return recorder.events.get(line).getKeyValuePairs().stream()
                .map(pair -> pair.key)
                .toList();
    }

    @Test
    void aFailureHasTheReferenceThatItsClientWasTold() {
        wire(CallLog.builder()).call("break");

        Map<String, Object> line = recorder.only();
        assertThat(line).containsEntry("event.outcome", "failure").containsEntry("mcp.outcome", "internal");
        assertThat((String) line.get("error.id")).matches("[0-9a-f]{12}");
    }

    /** By the rule of loggers that name the place in the code: the first frame outside the boundary. */
    @Test
    void theLineIsWhereTheCallLogIs() {
        wire(CallLog.builder()).call("work");

        String boundary = recorder.events.get(0).getCallerBoundary();
        List<String> outside = recorder.frames.stream()
                .dropWhile(frame -> !frame.equals(boundary))
                .dropWhile(frame -> frame.equals(boundary))
                .toList();
        assertThat(outside).first().isEqualTo(CallLog.class.getName());
    }

    @Test
    void aLoggerThatTakesNoEventsHasTheSameLine() {
        PlainLogger plain = new PlainLogger();
        Wire.to(McpServer.builder("test", "1")
                        .plugin(CallLog.builder()
                                .callersBySubject()
                                .logger(plain)
                                .nanoClock(nanos::get)
                                .build())
                        .tool(Tool.of("work", "Works", Args.class, in -> "done"))
                        .build())
                .call("work");

        assertThat(plain.lines)
                .singleElement()
                .asString()
                .contains("event.action=tools/call", "event.duration=0", "user.id=", "{} {}: {}")
                .endsWith("[tools/call, work, complete]");
    }

    @Test
    void isSilentWhereTheLoggerIsOff() {
        recorder.on = false;
        wire(CallLog.builder()).call("work");

        assertThat(recorder.events).isEmpty();
    }
}
