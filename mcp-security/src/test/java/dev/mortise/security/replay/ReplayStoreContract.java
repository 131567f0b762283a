package dev.mortise.security.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.store.Eventually;
import dev.mortise.security.replay.ReplayStore.Claim;
import dev.mortise.security.replay.ReplayStore.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store of calls does. */
@Timeout(60)
abstract class ReplayStoreContract {
    private static final Terms TERMS = new Terms(Duration.ofMinutes(1), Duration.ofMinutes(10), 100);
    private static final Terms SHORT = new Terms(Duration.ofMillis(100), Duration.ofMinutes(10), 100);
    private static final Terms FLEETING = new Terms(Duration.ofMillis(100), Duration.ofMillis(100), 100);

    private final String owner = UUID.randomUUID().toString();
    private ReplayStore store;

    abstract ReplayStore open() throws Exception;

    abstract void close();

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        close();
    }

    private Claim claim(String key, String claimant) {
        return store.claim(owner, key, "digest", claimant, TERMS);
    }

    @Test
    void theFirstCarriesItOutAndTheOthersGetWhatCameOfIt() {
        assertThat(claim("k", "a")).isEqualTo(new Claim.First());
        assertThat(claim("k", "b")).isEqualTo(new Claim.Running());
        String outcome = "{\"text\":\"\\u4f60\\u0000\"}";
        assertThat(store.finish(owner, "k", "a", outcome, TERMS)).isTrue();
        assertThat(claim("k", "b")).isEqualTo(new Claim.Done(outcome));
        assertThat(claim("other", "b")).isEqualTo(new Claim.First());
    }

    @Test
    void anotherOwnerSeesNothingOfIt() {
        claim("k", "a");
        store.finish(owner, "k", "a", "mine", TERMS);
        assertThat(store.claim(UUID.randomUUID().toString(), "k", "digest", "b", TERMS))
                .isEqualTo(new Claim.First());
    }

    @Test
    void anotherCallUnderTheSameKeyIsNoticed() {
        claim("k", "a");
        assertThat(store.claim(owner, "k", "another", "b", TERMS)).isEqualTo(new Claim.OtherCall());
        store.finish(owner, "k", "a", "done", TERMS);
        assertThat(store.claim(owner, "k", "another", "b", TERMS)).isEqualTo(new Claim.OtherCall());
    }

    @Test
    void whatIsReleasedCanBeClaimedAgain() {
        claim("k", "a");
        store.release(owner, "k", "b");
        assertThat(claim("k", "c")).isEqualTo(new Claim.Running());
        store.release(owner, "k", "a");
        assertThat(claim("k", "c")).isEqualTo(new Claim.First());
    }

    @Test
    void nobodyTakesOverFromTheDeadAndTheyMayStillSayHowItEnded() {
        assertThat(store.claim(owner, "k", "digest", "a", SHORT)).isEqualTo(new Claim.First());
        Eventually.holds("its lease ends", () -> claim("k", "b").equals(new Claim.Lost()));
        store.finish(owner, "k", "b", "not mine", TERMS);
        assertThat(claim("k", "b")).isEqualTo(new Claim.Lost());
        store.finish(owner, "k", "a", "late", TERMS);
        assertThat(claim("k", "b")).isEqualTo(new Claim.Done("late"));
        store.finish(owner, "k", "a", "later", TERMS);
        assertThat(claim("k", "b")).as("once ended, it stays so").isEqualTo(new Claim.Done("late"));
    }

    @Test
    void signsOfLifeKeepTheClaim() {
        store.claim(owner, "k", "digest", "a", SHORT);
        store.renew(owner, "k", "b", SHORT);
        store.renew(owner, "k", "a", TERMS);
        // Long after the lease that it began with: another one's has ended meanwhile.
        store.claim(owner, "clock", "digest", "a", SHORT);
        Eventually.holds("time passes", () -> claim("clock", "b").equals(new Claim.Lost()));
        assertThat(claim("k", "b")).isEqualTo(new Claim.Running());
    }

    @Test
    void whatHasExpiredIsForgottenAndItsClaimantHasNoSay() {
        store.claim(owner, "k", "digest", "a", FLEETING);
        Eventually.holds("it is forgotten", () -> claim("k", "b").equals(new Claim.First()));
        store.finish(owner, "k", "a", "from the grave", TERMS);
        assertThat(claim("k", "c")).isEqualTo(new Claim.Running());
    }

    @Test
    void anOwnerHasSoManyAndNoMore() {
        Terms two = new Terms(Duration.ofMinutes(1), Duration.ofMinutes(10), 2);
        store.claim(owner, "1", "digest", "a", two);
        store.claim(owner, "2", "digest", "a", two);
        assertThat(store.claim(owner, "3", "digest", "a", two)).isEqualTo(new Claim.Full());
        assertThat(store.claim(owner, "1", "digest", "b", two)).isEqualTo(new Claim.Running());
        assertThat(store.claim("else" + owner.substring(0, 20), "3", "digest", "a", two))
                .isEqualTo(new Claim.First());
        store.release(owner, "2", "a");
        assertThat(store.claim(owner, "3", "digest", "a", two)).isEqualTo(new Claim.First());
    }

    /** A caller that is busy would otherwise be refused for the rest of the hour, however well all of its calls went. */
    @Test
    void theOldestThatHasEndedMakesRoom() {
        Terms two = new Terms(Duration.ofMinutes(1), Duration.ofMinutes(10), 2);
        store.claim(owner, "1", "digest", "a", two);
        store.claim(owner, "2", "digest", "a", two);
        store.finish(owner, "2", "a", "second", two);
        assertThat(store.claim(owner, "3", "digest", "a", two)).isEqualTo(new Claim.First());
        assertThat(store.claim(owner, "1", "digest", "b", two))
                .as("what runs is not forgotten")
                .isEqualTo(new Claim.Running());
        assertThat(store.claim(owner, "2", "digest", "b", two))
                .as("it is another call now")
                .isEqualTo(new Claim.Full());
        store.finish(owner, "3", "a", "third", two);
        assertThat(store.claim(owner, "2", "digest", "b", two)).isEqualTo(new Claim.First());
    }

    @Test
    void manyMoreThanAreRememberedAllGoWell() {
        Terms fifty = new Terms(Duration.ofMinutes(1), Duration.ofMinutes(10), 50);
        for (int i = 0; i < 200; i++) {
            assertThat(store.claim(owner, "k" + i, "digest", "a", fifty))
                    .as("call " + i)
                    .isEqualTo(new Claim.First());
            store.finish(owner, "k" + i, "a", "came " + i, fifty);
        }
        assertThat(store.claim(owner, "k199", "digest", "b", fifty)).isEqualTo(new Claim.Done("came 199"));
    }

    @Test
    void whatHasNotEndedDoesNotHideWhatHas() {
        Terms many = new Terms(Duration.ofMinutes(1), Duration.ofMinutes(10), 130);
        for (int i = 0; i < 120; i++) {
            store.claim(owner, "running" + i, "digest", "a", many);
        }
        for (int i = 0; i < 30; i++) {
            assertThat(store.claim(owner, "k" + i, "digest", "a", many)).isEqualTo(new Claim.First());
            store.finish(owner, "k" + i, "a", "came", many);
        }
    }

    @Test
    void callsOfABusyOwnerAtTheSameTimeAllFindRoom() throws Exception {
        Terms few = new Terms(Duration.ofMinutes(1), Duration.ofMinutes(10), 20);
        List<Future<Integer>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int t = 0; t < 8; t++) {
                String caller = "c" + t;
                callers.add(threads.submit(() -> {
                    int first = 0;
                    for (int i = 0; i < 50; i++) {
                        String key = caller + "-" + i;
                        if (store.claim(owner, key, "digest", caller, few).equals(new Claim.First())) {
                            first++;
                        }
                        store.finish(owner, key, caller, "came", few);
                    }
                    return first;
                }));
            }
        }
        for (Future<Integer> caller : callers) {
            assertThat(caller.get()).isEqualTo(50);
        }
    }

    @Test
    void whatHasExpiredDoesNotCount() {
        Terms one = new Terms(Duration.ofMillis(50), Duration.ofMillis(50), 1);
        store.claim(owner, "1", "digest", "a", one);
        Eventually.holds(
                "there is room again",
                () -> store.claim(owner, "2", "digest", "a", one).equals(new Claim.First()));
    }

    @Test
    void ofManyAtOnceOneIsTheFirst() throws Exception {
        for (int round = 0; round < 10; round++) {
            String key = "k" + round;
            List<Future<Claim>> claims = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
                for (int t = 0; t < 8; t++) {
                    String claimant = "c" + t;
                    claims.add(threads.submit(() -> claim(key, claimant)));
                }
            }
            int first = 0;
            for (Future<Claim> claim : claims) {
                if (claim.get().equals(new Claim.First())) {
                    first++;
                } else {
                    assertThat(claim.get()).isEqualTo(new Claim.Running());
                }
            }
            assertThat(first).isEqualTo(1);
        }
    }
}
