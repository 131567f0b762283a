package dev.mortise.security.audit;

import dev.mortise.mcp.json.Json;
import dev.mortise.security.internal.json.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A signed statement: at that time, the stream had a record of that number, with that hash. The hash stands for all that
 * is before it. Immutable.
 *
 * @param key the id of the key ({@link CheckpointKeys#id})
 * @param signature Ed25519, over the UTF-8 of the statement; base64url
 */
public record SignedCheckpoint(
        String stream, long sequence, String hash, Purpose purpose, Instant at, String key, String signature) {
    private static final String TYPE = "mortise-audit-checkpoint";
    private static final Pattern STREAM = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /** What a checkpoint says beyond that. */
    public enum Purpose {
        /** The stream went on. */
        HEAD,
        /** This was its last record. */
        END,
        /** Everything up to this record, itself included, may have been deleted. */
        RETENTION
    }

    static SignedCheckpoint sign(Head head, Purpose purpose, Instant at, CheckpointSigner signer) throws Exception {
        String key = CheckpointKeys.id(signer.publicKey());
        String statement = statement(head.stream(), head.sequence(), head.hash(), purpose, at, key);
        String signature = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(signer.sign(statement.getBytes(StandardCharsets.UTF_8)));
        return new SignedCheckpoint(head.stream(), head.sequence(), head.hash(), purpose, at, key, signature);
    }

    private static Map<String, Object> members(
            String stream, long sequence, String hash, Purpose purpose, Instant at, String key) {
        return Map.of(
                "at",
                RecordText.time(at),
                "hash",
                hash,
                "key",
                key,
                "purpose",
                purpose.name(),
                "sequence",
                sequence,
                "stream",
                stream,
                "type",
                TYPE,
                "version",
                1);
    }

    private static String statement(
            String stream, long sequence, String hash, Purpose purpose, Instant at, String key) {
        return CanonicalJson.of(members(stream, sequence, hash, purpose, at, key));
    }

    /** One line, as exports and witnesses have it. */
    public String line() {
        return CanonicalJson.of(Map.of(
                "checkpoint",
                members(stream, sequence, hash, purpose, at, key),
                "signature",
                signature,
                "type",
                "checkpoint"));
    }

    /** @throws IllegalArgumentException if it is no such line; the signature is not verified */
    public static SignedCheckpoint parse(String line) {
        try {
            return parse(Json.read(line.getBytes(StandardCharsets.UTF_8)));
        } catch (Json.InvalidJson e) {
            throw new IllegalArgumentException("A line is no JSON", e);
        }
    }

    static SignedCheckpoint parse(JsonNode line) {
        JsonNode statement = line.path("checkpoint");
        String stream = statement.path("stream").asString("");
        String hash = statement.path("hash").asString("");
        if (!statement.path("type").asString("").equals(TYPE)
                || !statement.path("sequence").isIntegralNumber()
                || !STREAM.matcher(stream).matches()
                || !HASH.matcher(hash).matches()) {
            throw new IllegalArgumentException("A line is no checkpoint of an audit log");
        }
        try {
            return new SignedCheckpoint(
                    stream,
                    statement.path("sequence").longValue(),
                    hash,
                    Purpose.valueOf(statement.path("purpose").asString("")),
                    Instant.parse(statement.path("at").asString("")),
                    statement.path("key").asString(""),
                    line.path("signature").asString(""));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("A checkpoint has no time", e);
        }
    }

    boolean isSignedBy(CheckpointKeys keys) {
        byte[] statement = statement(stream, sequence, hash, purpose, at, key).getBytes(StandardCharsets.UTF_8);
        try {
            return keys.verify(key, statement, Base64.getUrlDecoder().decode(signature));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    Head head() {
        return new Head(stream, sequence, hash);
    }
}
