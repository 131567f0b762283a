package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What holds in addition where the store outlives its process. */
abstract class DurableTaskStoreContract extends TaskStoreContract {
    @Test
    void aRestartForgetsNothing() throws Exception {
        StoredTask task = task("a", "me");
        one.insert(task, 10, 10);
        home.restart();
        one = home.tasks();
        assertThat(one.find("a")).contains(task);
        assertThat(one.replace(next(task, "after"))).isTrue();
        assertThat(one.ofOwner("me", null, 10)).hasSize(1);
        assertThat(one.overdue(START.plusSeconds(9999), 10)).hasSize(1);
    }
}
