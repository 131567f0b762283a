package dev.mortise.billing.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.billing.quota.ReceiptVerifier.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceiptVerifierTest {
    private static final byte[] KEY = bytes(1);
    private static final String PAYLOAD = "{\"jti\":\"r-1\",\"sub\":\"acme\",\"iat\":1767225600,\"item\":\"translate\","
            + "\"charged\":{\"api_calls\":5,\"ai_operations\":1}}";
    private static final Receipt RECEIPT = new Receipt(
            "r-1",
            "acme",
            Instant.parse("2026-01-01T00:00:00Z"),
            "translate",
            Map.of("api_calls", 5L, "ai_operations", 1L));

    private final ReceiptVerifier verifier = ReceiptVerifier.hmac("k1", KEY);

    private static byte[] bytes(int value) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) value);
        return key;
    }

    private static String signed(ReceiptSigner signer) {
        return signer.sign(PAYLOAD.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aReceiptSaysWhatWasCharged() {
        assertThat(verifier.verify(signed(ReceiptSigner.hmac("k1", KEY)), "acme"))
                .isEqualTo(new Verdict.Verified(RECEIPT));
    }

    @Test
    void whoHasOnlyThePublicKeyCanVerify() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String receipt = signed(ReceiptSigner.ed25519("k2", pair.getPrivate()));
        assertThat(verifier.andEd25519("k2", pair.getPublic()).verify(receipt, "acme"))
                .isEqualTo(new Verdict.Verified(RECEIPT));
        assertThat(ReceiptVerifier.ed25519("k2", other.getPublic()).verify(receipt, "acme"))
                .isEqualTo(new Verdict.Forged());
    }

    @Test
    void aReceiptOfSomebodyElseIsToldApart() {
        assertThat(verifier.verify(signed(ReceiptSigner.hmac("k1", KEY)), "other"))
                .isEqualTo(new Verdict.OtherTenant());
    }

    @Test
    void nobodyElseCanMakeOne() {
        String receipt = signed(ReceiptSigner.hmac("k1", KEY));
        assertThat(verifier.verify(signed(ReceiptSigner.hmac("k1", bytes(2))), "acme"))
                .isEqualTo(new Verdict.Forged());
        assertThat(verifier.verify(signed(ReceiptSigner.hmac("k9", KEY)), "acme"))
                .isEqualTo(new Verdict.UnknownKey());
        String[] parts = receipt.split("\\.");
        String cheaper = base64(PAYLOAD.replace(":5", ":1"));
        assertThat(verifier.verify(parts[0] + '.' + cheaper + '.' + parts[2], "acme"))
                .isEqualTo(new Verdict.Forged());
        assertThat(verifier.verify(
                        base64("{\"alg\":\"none\",\"kid\":\"k1\",\"typ\":\"usage-receipt+jwt\"}")
                                + '.'
                                + parts[1]
                                + '.',
                        "acme"))
                .isEqualTo(new Verdict.Forged());
    }

    @Test
    void aSignedTokenOfAnotherKindIsNoReceipt() throws Exception {
        // The public key of the one algorithm must not become the secret of the other.
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        ReceiptVerifier asymmetric = ReceiptVerifier.ed25519("k2", pair.getPublic());
        assertThat(asymmetric.verify(
                        signed(ReceiptSigner.hmac("k2", pair.getPublic().getEncoded())), "acme"))
                .isEqualTo(new Verdict.Forged());
        String jwt = base64("{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWT\"}") + '.' + base64(PAYLOAD) + ".AAAA";
        assertThat(verifier.verify(jwt, "acme")).isEqualTo(new Verdict.Forged());
    }

    @Test
    void whateverElseItIsItIsNone() {
        String receipt = signed(ReceiptSigner.hmac("k1", KEY));
        for (String other : new String[] {
            "",
            ".",
            "..",
            "a.b",
            "a.b.c",
            "....",
            receipt + ".",
            receipt + "=",
            receipt.substring(1),
            "é.é.é",
            receipt.replaceFirst("\\.", ""),
            base64("[]") + ".e30.AA",
            base64("null") + ".e30.AA",
            "x".repeat(100_000)
        }) {
            assertThat(verifier.verify(other, "acme")).as(other).isEqualTo(new Verdict.Forged());
        }
    }

    @Test
    void anIdIsThatOfOneKey() {
        assertThatThrownBy(() -> verifier.andHmac("k1", bytes(2))).isInstanceOf(IllegalArgumentException.class);
    }
}
