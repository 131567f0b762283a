package dev.mortise.security.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.call.Caller;
import dev.mortise.security.auth.Confirmation;
import dev.mortise.security.auth.SignatureAlgorithm;
import dev.mortise.security.internal.jose.VerificationKey;
import java.security.KeyPair;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Between the verification of a token and its being remembered, its key may go. */
class VerifiedTokensTest {
    private final TestClock clock = new TestClock();
    private final VerifiedTokens tokens = new VerifiedTokens(10, clock);
    private final VerifiedTokens.Key key = VerifiedTokens.Key.of("token");
    private final KeyPair pair = Jose.ec();

    private VerifiedTokens.Entry entry() {
        return new VerifiedTokens.Entry(
                Caller.of("ada"),
                new TokenFacts(
                        "issuer", "ada", null, null, "t", null, clock.instant().plusSeconds(60)),
                Confirmation.NONE,
                Set.of("here"),
                TokenIssuer.of("issuer", KeySource.key(pair.getPublic())),
                new VerificationKey(null, pair.getPublic(), SignatureAlgorithm.asymmetric()));
    }

    @Test
    void remembersWhatWasVerifiedInPeace() {
        tokens.put(key, entry(), tokens.removals());
        assertThat(tokens.find(key)).isNotNull();
    }

    @Test
    void doesNotRememberWhatWasVerifiedBeforeARemoval() {
        long before = tokens.removals();
        tokens.remove(entry -> true);
        tokens.put(key, entry(), before);
        assertThat(tokens.find(key)).isNull();
    }
}
