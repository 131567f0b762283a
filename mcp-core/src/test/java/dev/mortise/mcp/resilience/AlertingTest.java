package dev.mortise.mcp.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class AlertingTest {
    private final ManualTicker time = new ManualTicker();
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private Alerting alerting = alerting(alert -> sent.add((alert.isResolved() ? "- " : "+ ") + alert.key()));

    private Alerting alerting(Alerter alerter) {
        return Alerting.builder()
                .alerter(alerter)
                .perMinute(3)
                .ticker(time)
                .clock(time)
                .build();
    }

    @AfterEach
    void close() {
        alerting.close();
    }

    private void down(String name) {
        alerting.changed(new ServiceEvent.HealthChanged(name, false, "no answer"));
    }

    private void up(String name) {
        alerting.changed(new ServiceEvent.HealthChanged(name, true, ""));
    }

    private void awaitSent(String... keys) {
        Eventually.holds(() -> sent.size() >= keys.length);
        assertThat(sent).containsExactly(keys);
    }

    @Test
    void oneProblemIsOneAlertAndOneEnd() {
        for (int i = 0; i < 50; i++) {
            down("redis");
        }
        awaitSent("+ health:redis");
        up("redis");
        up("redis");
        time.pass(Duration.ofSeconds(2));
        awaitSent("+ health:redis", "- health:redis");
    }

    @Test
    void whatFlapsIsNotToldAgainForAWhile() {
        down("redis");
        awaitSent("+ health:redis");
        up("redis");
        time.pass(Duration.ofSeconds(2));
        awaitSent("+ health:redis", "- health:redis");
        down("redis");
        time.awaitWaiting(1);
        time.pass(Duration.ofSeconds(30));
        time.awaitWaiting(1);
        assertThat(sent).hasSize(2);
        time.pass(Duration.ofSeconds(31));
        awaitSent("+ health:redis", "- health:redis", "+ health:redis");
    }

    @Test
    void thereAreSoManyMessagesAMinuteAndTheRestComesLater() {
        for (int i = 1; i <= 5; i++) {
            down("check" + i);
        }
        awaitSent("+ health:check1", "+ health:check2", "+ health:check3");
        time.awaitWaiting(1);
        time.pass(Duration.ofSeconds(61));
        Eventually.holds(() -> sent.size() == 5);
    }

    @Test
    void aFloodIsBoundedAndCounted() {
        for (int i = 0; i < 3_000; i++) {
            down("check" + i);
        }
        assertThat(alerting.dropped()).isBetween(1_900L, 2_000L);
    }

    @Test
    void aReceiverThatHangsBlocksNobody() {
        CountDownLatch never = new CountDownLatch(1);
        alerting.close();
        alerting = alerting(alert -> never.await());
        long began = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            down("check" + i);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void whatCannotBeDeliveredIsTriedThreeTimesAndCounted() {
        AtomicInteger tries = new AtomicInteger();
        alerting.close();
        alerting = alerting(alert -> {
            tries.incrementAndGet();
            throw new IOException("unreachable");
        });
        down("redis");
        for (int i = 1; i <= 3; i++) {
            int now = i;
            Eventually.holds(() -> tries.get() == now);
            time.awaitWaiting(1);
            time.pass(Duration.ofSeconds(6));
        }
        Eventually.holds(() -> alerting.failed() == 1);
        assertThat(tries).hasValue(3);
        assertThat(alerting.delivered()).isZero();
    }

    @Test
    void writesWhatSlackAndAlertmanagerRead() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Instant began = Instant.parse("2026-11-22T12:00:00Z");
            Alert alert = new Alert(
                    "health:redis",
                    Alert.Severity.CRITICAL,
                    "Check <!channel> & is down",
                    Map.of("kind", "health"),
                    began,
                    null);

            Alerter.webhook(receiver.uri("/hook")).send(alert);
            assertThat(Json.parse(receiver.body("/hook")).path("text").stringValue())
                    .isEqualTo("[CRITICAL] Check &lt;!channel&gt; &amp; is down");

            Alerter.alertmanager(receiver.uri("")).send(alert.resolved(began.plusSeconds(9)));
            JsonNode entry = Json.parse(receiver.body("/api/v2/alerts")).path(0);
            assertThat(entry.path("labels").path("alertname").stringValue()).isEqualTo("MortiseServiceEvent");
            assertThat(entry.path("labels").path("severity").stringValue()).isEqualTo("critical");
            assertThat(entry.path("labels").path("kind").stringValue()).isEqualTo("health");
            assertThat(entry.path("startsAt").stringValue()).isEqualTo("2026-11-22T12:00:00Z");
            assertThat(entry.path("endsAt").stringValue()).isEqualTo("2026-11-22T12:00:09Z");

            assertThatThrownBy(() -> Alerter.webhook(receiver.uri("/broken")).send(alert))
                    .hasMessage("The receiver of alerts answered 500");
        }
    }
}
