package dev.mortise.examples.production.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.security.standing.RevokedCredentials;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final byte[] SEAL = new byte[32];
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    /** What was signed out. */
    private static final class Ended implements RevokedCredentials {
        private final Map<String, Instant> until = new HashMap<>();

        @Override
        public void revoke(String id, Instant end) {
            until.put(id, end);
        }

        @Override
        public boolean isRevoked(String id) {
            return until.containsKey(id);
        }
    }

    private final Ended ended = new Ended();

    private Sessions at(Instant now) {
        return new Sessions(SEAL, "https://mcp.example.com/mcp", ended, Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void aSessionIsGoodForAWhileAndShowsNothingOfTheKey() {
        Session session = at(NOON).begin("mk_live_id_secret");
        String sealed = at(NOON).sealed(session);
        assertThat(at(NOON.plus(Sessions.IDLE).minusMillis(1)).open(sealed)).contains(session);
        assertThat(at(NOON.plus(Sessions.IDLE)).open(sealed)).isEmpty();
        assertThat(sealed).doesNotContain("secret").isNotEqualTo(at(NOON).sealed(session));
        assertThat(session.toString()).doesNotContain("secret");
    }

    @Test
    void whoeverIsThereMayStayButNotForEver() {
        Session session = at(NOON).begin("key");
        Instant late = NOON.plus(Sessions.LONGEST).minusSeconds(60);
        Session renewed = at(late).renewed(session);
        assertThat(at(late).left(renewed)).isEqualTo(Duration.ofSeconds(60));
        assertThat(at(late.plusSeconds(60)).open(at(late).sealed(renewed))).isEmpty();
    }

    @Test
    void whatWasSignedOutIsOverWhateverItsCookieSays() {
        Session session = at(NOON).begin("key");
        at(NOON).end(session);
        assertThat(at(NOON).open(at(NOON).sealed(at(NOON.plusSeconds(1)).renewed(session))))
                .isEmpty();
        assertThat(ended.until.values()).containsExactly(NOON.plus(Sessions.LONGEST));
        assertThat(at(NOON).open(at(NOON).sealed(at(NOON).begin("key")))).isPresent();
    }

    @Test
    void whatWasSealedElsewhereOrChangedIsNothing() {
        Sessions here = at(NOON);
        String sealed = here.sealed(here.begin("key"));
        byte[] other = SEAL.clone();
        other[0] = 1;
        Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
        assertThat(new Sessions(other, "https://mcp.example.com/mcp", ended, clock).open(sealed))
                .isEmpty();
        assertThat(new Sessions(SEAL, "https://mcp.example.org/mcp", ended, clock).open(sealed))
                .isEmpty();
        char last = sealed.charAt(20);
        String changed = sealed.substring(0, 20) + (last == 'A' ? 'B' : 'A') + sealed.substring(21);
        for (String wrong : new String[] {changed, "", "A", "%%%", sealed.substring(2), "A".repeat(5_000)}) {
            assertThat(here.open(wrong)).isEmpty();
        }
    }
}
