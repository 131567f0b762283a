package dev.mortise.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each request is seen once to begin and once to end, whatever becomes of it. */
class HttpObserverTest {
    private static final Reply DONE = Reply.of(Message.Result.of(RequestId.of(1), Json.object()));

    private final AtomicInteger began = new AtomicInteger();
    private final List<HttpObserver.Ended> endings = new ArrayList<>();
    private final ManualTime time = new ManualTime();
    private final List<HttpRoute> routes = new ArrayList<>();

    private final HttpObserver observer = new HttpObserver() {
        @Override
        public void began(HttpHead head) {
            began.incrementAndGet();
        }

        @Override
        public void ended(HttpHead head, Ended ended) {
            endings.add(ended);
        }
    };

    private TestConnection serve(HttpHead head, String body, Consumer<Exchange> endpoint) {
        return serve(observer, head, body, endpoint);
    }

    private TestConnection serve(HttpObserver with, HttpHead head, String body, Consumer<Exchange> endpoint) {
        HttpOptions options =
                HttpOptions.builder().observer(with).maxBodyBytes(100).build();
        TestConnection connection = new TestConnection(head, body);
        StreamableHttp http = new StreamableHttp(endpoint, options, routes, () -> time.nanos);
        time.pulse = http.pulse();
        http.serve(connection, connection);
        return connection;
    }

    private static void answer(Exchange exchange) {
        try {
            exchange.receive();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        exchange.reply(DONE);
    }

    private HttpObserver.Ended only() {
        assertThat(began).hasValue(1);
        assertThat(endings).hasSize(1);
        return endings.getFirst();
    }

    @Test
    void aCallAndHowLongItTook() {
        serve(TestHead.post(), "{}", exchange -> {
            time.nanos += 700_000_000L;
            answer(exchange);
        });
        assertThat(only()).isEqualTo(new HttpObserver.Ended("mcp", 200, false, 700_000_000L));
    }

    @Test
    void oneThatIsTurnedAwayAtTheDoor() {
        serve(TestHead.post().replacing("Host", "evil.example"), "{}", exchange -> {
            throw new AssertionError("it went in");
        });
        assertThat(only().status()).isEqualTo(403);
    }

    @Test
    void oneThatIsTooLarge() {
        serve(TestHead.post(), "x".repeat(101), HttpObserverTest::answer);
        assertThat(only().status()).isEqualTo(413);
    }

    @Test
    void oneThatBreaksInside() {
        serve(TestHead.post(), "{}", exchange -> {
            throw new IllegalStateException("secret of the house");
        });
        assertThat(only().status()).isEqualTo(500);
    }

    @Test
    void whatAnObserverThrowsHarmsNobody() {
        HttpObserver broken = new HttpObserver() {
            @Override
            public void began(HttpHead head) {
                throw new IllegalStateException("at the beginning");
            }

            @Override
            public void ended(HttpHead head, Ended ended) {
                throw new IllegalStateException("at the end");
            }
        };
        assertThat(serve(broken, TestHead.post(), "{}", HttpObserverTest::answer).status)
                .isEqualTo(200);
    }

    @Test
    void aMethodThatIsNotServedHasTheRouteOfTheEndpointAllTheSame() {
        serve(new TestHead("PUT").with("Host", "localhost:8080"), "", HttpObserverTest::answer);
        assertThat(only().route()).isEqualTo(HttpObserver.ENDPOINT);
        assertThat(endings.getFirst().status()).isEqualTo(405);
    }
}
