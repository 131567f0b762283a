package dev.mortise.mcp.internal.client.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SseReaderTest {
    @Test
    void readsEvents() throws Exception {
        assertThat(events("data: one\n\n")).containsExactly("message=one");
        assertThat(events("\uFEFFdata:one\ndata: two\n\n")).containsExactly("message=one\ntwo");
        assertThat(events("event: x\ndata:  é\r\n\r\n: comment\rdata: b\r\r")).containsExactly("x= é", "message=b");
        assertThat(events("data\n\ndata: half")).containsExactly("message=");
        assertThat(events("unknown: x\n\n\n\ndata: y\n\n")).containsExactly("message=y");
    }

    @Test
    void keepsItsPlace() throws Exception {
        SseReader reader =
                reader("id: 7\nretry: 250\ndata: x\n\ndata: y\n\nid: a\0b\ndata: z\n\nid\nretry: x\ndata:\n\n", 100);
        assertThat(reader.lastId()).isEmpty();
        reader.next();
        assertThat(reader.lastId()).hasValue("7");
        assertThat(reader.retryMillis()).hasValue(250);
        reader.next();
        reader.next();
        assertThat(reader.lastId()).hasValue("7");
        reader.next();
        assertThat(reader.lastId()).hasValue("");
        assertThat(reader.retryMillis()).hasValue(250);
        assertThat(reader.next()).isEmpty();
    }

    @Test
    void takesNoMoreThanItMay() throws Exception {
        assertThat(reader("data: 4567890\n\n", 13).next()).isPresent();
        assertThatThrownBy(() -> reader("data: 45678901\n\n", 13).next()).isInstanceOf(SseReader.TooLong.class);
        assertThatThrownBy(() -> reader("data: 456\n".repeat(10), 50).next()).isInstanceOf(SseReader.TooLong.class);
        assertThat(reader(": 456\n".repeat(1000) + "data: x\n\n", 50).next()).isPresent();
        assertThat(events("data: x\n\n".repeat(100), 20)).hasSize(100);
    }

    @Property(tries = 200)
    void doesNotMindHowTheBytesArrive(@ForAll @IntRange(min = 1, max = 7) int size) throws IOException {
        String text = "event: e\r\ndata: one\r\ndata: zwei\r\n\r\nid: 5\n\ndata: dré\n\n";
        InputStream whole = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        InputStream slow = new InputStream() {
            @Override
            public int read() throws IOException {
                return whole.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return whole.read(bytes, offset, Math.min(size, length));
            }
        };
        assertThat(all(new SseReader(slow, 1000))).containsExactly("e=one\nzwei", "message=", "message=dré");
    }

    private static List<String> events(String text) throws IOException {
        return events(text, 1000);
    }

    private static List<String> events(String text, int limit) throws IOException {
        return all(reader(text, limit));
    }

    private static List<String> all(SseReader reader) throws IOException {
        List<String> events = new ArrayList<>();
        for (Optional<ServerSentEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
            events.add(event.get().type() + "=" + new String(event.get().data(), StandardCharsets.UTF_8));
        }
        return events;
    }

    private static SseReader reader(String text, int limit) {
        return new SseReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), limit);
    }
}
