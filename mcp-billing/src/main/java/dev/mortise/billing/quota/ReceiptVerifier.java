package dev.mortise.billing.quota;

import dev.mortise.mcp.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Finds out whether a usage receipt is one that {@link ReceiptSigner} made, and whose: for a host that settles a dispute,
 * or a tenant that keeps its receipts. Immutable; thread-safe.
 *
 * <pre>{@code
 * ReceiptVerifier receipts = ReceiptVerifier.ed25519("2026-11", publicKey).andEd25519("2026-10", retiredKey);
 * switch (receipts.verify(text, "acme")) {
 *     case ReceiptVerifier.Verdict.Verified ok -> show(ok.receipt());
 *     case ReceiptVerifier.Verdict.OtherTenant other -> refuse();
 *     case ReceiptVerifier.Verdict.UnknownKey unknown -> refuse();
 *     case ReceiptVerifier.Verdict.Forged forged -> refuse();
 * }
 * }</pre>
 */
public final class ReceiptVerifier {
    private static final int LONGEST = 16 * 1024;
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** What is to be thought of a receipt. */
    public sealed interface Verdict {
        record Verified(Receipt receipt) implements Verdict {}

        /** It is genuine, and belongs to somebody else. */
        record OtherTenant() implements Verdict {}

        /** It names a key that this does not have: perhaps one that was retired. */
        record UnknownKey() implements Verdict {}

        /** Its signature does not fit, or it is no receipt at all. */
        record Forged() implements Verdict {}
    }

    @FunctionalInterface
    private interface Check {
        boolean fits(byte[] input, byte[] signature) throws GeneralSecurityException;
    }

    private record Key(String algorithm, Check check) {}

    private final Map<String, Key> keys;

    private ReceiptVerifier(Map<String, Key> keys) {
        this.keys = Map.copyOf(keys);
    }

    /** Of receipts by {@link ReceiptSigner#hmac}; who has this key can also make some. */
    public static ReceiptVerifier hmac(String keyId, byte[] key) {
        return new ReceiptVerifier(Map.of()).andHmac(keyId, key);
    }

    /** Of receipts by {@link ReceiptSigner#ed25519}. */
    public static ReceiptVerifier ed25519(String keyId, PublicKey key) {
        return new ReceiptVerifier(Map.of()).andEd25519(keyId, key);
    }

    /** And of those with this key. A key's id belongs to one algorithm: no receipt can choose another. */
    public ReceiptVerifier andHmac(String keyId, byte[] key) {
        SecretKeySpec secret = new SecretKeySpec(key, "HmacSHA256");
        return and(keyId, new Key("HS256", (input, signature) -> {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            return MessageDigest.isEqual(mac.doFinal(input), signature);
        }));
    }

    /** As {@link #andHmac}. */
    public ReceiptVerifier andEd25519(String keyId, PublicKey key) {
        return and(keyId, new Key("EdDSA", (input, signature) -> {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(input);
            return verifier.verify(signature);
        }));
    }

    private ReceiptVerifier and(String keyId, Key key) {
        Map<String, Key> all = new TreeMap<>(keys);
        if (all.put(keyId, key) != null) {
            throw new IllegalArgumentException("There are two keys with the id " + keyId);
        }
        return new ReceiptVerifier(all);
    }

    /**
     * Judges a receipt, whatever it is: it never throws because of one.
     *
     * @param tenant whose receipt it should be
     */
    public Verdict verify(String receipt, String tenant) {
        int second = receipt.lastIndexOf('.');
        int first = receipt.indexOf('.');
        if (receipt.length() > LONGEST || first < 1 || first == second || receipt.indexOf('.', first + 1) != second) {
            return new Verdict.Forged();
        }
        try {
            JsonNode header = json(receipt.substring(0, first));
            Key key = keys.get(header.path("kid").asString(""));
            if (!ReceiptSigner.TYPE.equals(header.path("typ").asString("")) || header.has("crit")) {
                return new Verdict.Forged();
            }
            if (key == null) {
                return new Verdict.UnknownKey();
            }
            byte[] input = receipt.substring(0, second).getBytes(StandardCharsets.US_ASCII);
            if (!key.algorithm().equals(header.path("alg").asString(""))
                    || !key.check().fits(input, decoded(receipt.substring(second + 1)))) {
                return new Verdict.Forged();
            }
            Receipt read = read(json(receipt.substring(first + 1, second)));
            return read.tenant().equals(tenant) ? new Verdict.Verified(read) : new Verdict.OtherTenant();
        } catch (GeneralSecurityException | IllegalArgumentException | JacksonException e) {
            return new Verdict.Forged();
        }
    }

    /** Only the one way to write these bytes: without padding, and without bits that nobody reads (RFC 7515 section 2). */
    private static byte[] decoded(String base64) {
        byte[] bytes = DECODER.decode(base64);
        if (!ENCODER.encodeToString(bytes).equals(base64)) {
            throw new IllegalArgumentException("Not base64url as a receipt has it");
        }
        return bytes;
    }

    private static JsonNode json(String base64) {
        return Json.parse(new String(decoded(base64), StandardCharsets.UTF_8));
    }

    private static Receipt read(JsonNode payload) {
        Map<String, Long> charged = new TreeMap<>();
        payload.path("charged")
                .properties()
                .forEach(each -> charged.put(each.getKey(), each.getValue().longValue()));
        return new Receipt(
                payload.path("jti").stringValue(),
                payload.path("sub").stringValue(),
                Instant.ofEpochSecond(payload.path("iat").longValue()),
                payload.path("item").stringValue(),
                charged);
    }
}
