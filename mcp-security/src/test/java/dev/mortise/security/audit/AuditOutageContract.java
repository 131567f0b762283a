package dev.mortise.security.audit;

import static dev.mortise.security.audit.Events.NOON;
import static dev.mortise.security.audit.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.Eventually;
import dev.mortise.security.SecurityLevel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What happens while the database, a sink or a signer is gone, or a replica is. */
abstract class AuditOutageContract extends AuditLogFixture {
    @Test
    void callsAreRefusedWhileNothingCanBeWrittenAndNoneOfThemIsLostAfterwards() throws Exception {
        AuditLog log = open(builder()
                .timeout(Duration.ofSeconds(2))
                .databaseTimeout(Duration.ofSeconds(2))
                .whenUnavailable(WhenUnavailable.refuseFrom(SecurityLevel.HIGH)));
        log.record(event("alice", "acme", "before"));
        assertThat(log.healthCheck().probe().look().ok()).isTrue();
        try (AutoCloseable blocked = home.block()) {
            assertThatThrownBy(() -> log.record(Events.at(NOON, "alice", "acme", "high", SecurityLevel.HIGH)))
                    .isInstanceOf(AuditUnavailable.class);
            log.record(Events.at(NOON, "alice", "acme", "low", SecurityLevel.LOW));
            Eventually.holds(
                    "it is known", () -> !log.healthCheck().probe().look().ok());
            assertThatThrownBy(() -> log.record(Events.withoutLevel(AuditEvent.Kind.AUTHENTICATION)))
                    .as("no level")
                    .isInstanceOf(AuditUnavailable.class);
            assertThatThrownBy(() -> log.record(Events.denied(NOON, SecurityLevel.LOW)))
                    .as("denied, as what does not exist")
                    .isInstanceOf(AuditUnavailable.class);
            log.record(Events.withoutLevel(AuditEvent.Kind.DECISION));
            for (int i = 0; i < 50; i++) {
                log.record(Events.at(NOON, "alice", "acme", "medium-" + i, SecurityLevel.MEDIUM));
            }
        }
        Eventually.holds("it recovers", () -> log.healthCheck().probe().look().ok());
        Eventually.holds(
                "what waited is written",
                () -> log.reader().find(AuditQuery.ofTenant("acme").limit(100)).items().stream()
                                .filter(item -> !"high".equals(item.event().target()))
                                .count()
                        == 52);
        log.record(Events.at(NOON, "alice", "acme", "high-again", SecurityLevel.HIGH));
        assertThat(verified(log).findings()).isEmpty();
        assertThat(notices).hasAtLeastOneElementOfType(AuditNotice.Unavailable.class);
        assertThat(notices).hasAtLeastOneElementOfType(AuditNotice.Recovered.class);
    }

    @Test
    void whatIsLostIsCountedInTheLogItself() throws Exception {
        AuditLog log = open(builder()
                .timeout(Duration.ofMillis(100))
                .databaseTimeout(Duration.ofSeconds(2))
                .backlog(10)
                .whenUnavailable(WhenUnavailable.DEGRADE));
        try (AutoCloseable blocked = home.block()) {
            log.record(event("alice", "acme", "first"));
            Eventually.holds(
                    "it is known", () -> !log.healthCheck().probe().look().ok());
            for (int i = 0; i < 30; i++) {
                log.record(event("alice", "acme", "tool-" + i));
            }
        }
        Eventually.holds(
                "the log says so",
                () -> log.reader().find(AuditQuery.ofAllTenants().kind(AuditEvent.Kind.LOG)).items().stream()
                        .anyMatch(item -> "events-lost".equals(item.event().reason())
                                && "20".equals(item.event().details().get("events"))));
        assertThat(notices).hasAtLeastOneElementOfType(AuditNotice.Lost.class);
        assertThat(verified(log).findings()).isEmpty();
    }

    @Test
    void aSinkThatFailsCostsTheLogNothing() throws Exception {
        List<String> taken = new CopyOnWriteArrayList<>();
        boolean[] broken = {true};
        AuditLog log = open(builder().sink(lines -> {
            if (broken[0]) {
                throw new IllegalStateException("on purpose");
            }
            taken.addAll(lines);
        }));
        log.record(event("alice", "acme", "first"));
        Eventually.holds("it gives up", () -> notices.stream().anyMatch(AuditNotice.SinkMissed.class::isInstance));
        broken[0] = false;
        log.record(event("alice", "acme", "second"));
        Eventually.holds("it goes on", () -> taken.stream().anyMatch(line -> line.contains("second")));
        assertThat(taken.getFirst()).matches("\\{\"records\":[0-9]+,\"type\":\"missed\"}");
        assertThat(verified(log).records()).isEqualTo(3);
    }

    @Test
    void aSignerThatFailsCostsTheLogNothing() {
        boolean[] broken = {false};
        CheckpointSigner sound = CheckpointSigner.of(keys);
        AuditLog log = open(home.log(new CheckpointSigner() {
                    @Override
                    public java.security.PublicKey publicKey() {
                        return sound.publicKey();
                    }

                    @Override
                    public byte[] sign(byte[] statement) throws Exception {
                        if (broken[0]) {
                            throw new IllegalStateException("on purpose");
                        }
                        return sound.sign(statement);
                    }
                })
                .witness(witnessed::add)
                .listener(notices::add));
        broken[0] = true;
        log.record(event("alice", "acme", "first"));
        log.checkpoint();
        Eventually.holds(
                "it is told", () -> notices.contains(new AuditNotice.CheckpointFailed("IllegalStateException")));
        assertThatThrownBy(() -> log.prune(NOON.plus(Duration.ofDays(36_500)))).isInstanceOf(AuditUnavailable.class);
        broken[0] = false;
        log.checkpoint();
        assertThat(witnessed).extracting(SignedCheckpoint::sequence).containsExactly(1L, 2L);
        assertThat(verified(log).findings()).isEmpty();
    }

    @Test
    void aStreamWhoseReplicaIsSilentIsEndedAndItsWriterGoesOnInAnother() throws Exception {
        AuditLog paused = open(builder().writer("paused"));
        AuditLog other = open(builder().writer("other"));
        paused.record(event("alice", "acme", "before"));
        home.execute("UPDATE audit_stream SET renewed_at = 0 WHERE writer = 'paused'");
        other.keeper().keep();
        Eventually.holds("the other says so", () -> notices.stream().anyMatch(AuditNotice.Sealed.class::isInstance));
        paused.record(event("alice", "acme", "after"));
        Eventually.holds("the paused one knows", () -> notices.stream().anyMatch(AuditNotice.Fenced.class::isInstance));
        AuditReport report = verified(other);
        assertThat(report.findings()).isEmpty();
        assertThat(report.streams()).hasSize(3);
        assertThat(report.streams())
                .filteredOn(stream -> stream.state().equals("sealed"))
                .hasSize(1);
        assertThat(other.reader().find(AuditQuery.ofTenant("acme")).items()).hasSize(2);
    }
}
