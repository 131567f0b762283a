package dev.mortise.security.audit;

import static dev.mortise.security.audit.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** How long a log waits for more to write at once, and what ends the wait. */
class AuditLingerTest extends AuditLogFixture {
    private static final Duration HOUR = Duration.ofHours(1);

    @Override
    AuditHome newHome() {
        return AuditHome.sqlite(directory);
    }

    @Test
    void whatComesSoonAfterABatchIsWrittenTogetherAndAtTheLatestWhenTheLogIsClosed() throws Exception {
        AuditLog log = open(builder().linger(HOUR.minusMinutes(1)).timeout(HOUR).checkpointEvery(HOUR));
        log.record(event("alice", "acme", "at once, after a silence"));
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String target = "together-" + i;
            callers.add(Thread.ofVirtual().start(() -> log.record(event("alice", "acme", target))));
        }
        Eventually.holds(
                "all wait, and none of them by an alarm of its own",
                () -> callers.stream()
                        .allMatch(caller -> LockSupport.getBlocker(caller) instanceof Pending
                                && caller.getState() == Thread.State.WAITING));
        assertThat(log.reader().find(AuditQuery.ofAllTenants().subject("alice")).items())
                .as("the others are waited for")
                .hasSize(1);
        log.close();
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(home.ask("SELECT max(last_sequence - first_sequence + 1) FROM audit_block"))
                .as("records in the longest row: rows do not go beyond a transaction")
                .isEqualTo("5");
        AuditLog reopened = reopened();
        assertThat(reopened.reader()
                        .find(AuditQuery.ofAllTenants().subject("alice"))
                        .items())
                .hasSize(6);
        assertThat(verified(reopened).isClean()).isTrue();
    }

    @Test
    void noTimeIsNegative() {
        assertThatThrownBy(() -> builder().linger(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}
