package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What holds in addition where the store outlives its process. */
abstract class DurableSessionStoreContract extends SessionStoreContract {
    @Test
    void aRestartForgetsNothing() throws Exception {
        StoredSession session = inUse(one, "a", "g");
        one.create(session("on probation", "g"));
        home.restart();
        one = home.sessions(1000, 5);
        assertSame(one.find("a"), session);
        assertThat(one.touch("a", end)).isTrue();
        assertThat(one.touch("on probation", end)).isTrue();
    }
}
