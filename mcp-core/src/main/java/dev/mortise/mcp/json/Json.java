package dev.mortise.mcp.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;

/**
 * The one JSON mapper of Mortise, and the strict reading of what comes from outside. Thread-safe.
 *
 * <p>Reading is strict where leniency would let two readers of one message disagree: UTF-8 only (transports:
 * Messages), one value and nothing behind it, no member twice, no unpaired surrogates (RFC 7493), and bounded
 * nesting, numbers and names. A value of one type is not taken for another, such as a number for a string. Unknown
 * members of wire values are ignored, because the specification adds some.
 */
public final class Json {
    /** How deep arrays and objects may nest in a message that is read. */
    public static final int MAX_DEPTH = 64;

    /** How many values, names and brackets a message may hold: the smallest of them cost thirty times their bytes. */
    static final int MAX_TOKENS = 500_000;

    private static final int MAX_NUMBER_LENGTH = 128;
    private static final int MAX_NAME_LENGTH = 4096;

    private static final List<CoercionInputShape> NOT_STRINGS =
            List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean);

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(MAX_TOKENS)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .maxNameLength(MAX_NAME_LENGTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    // The table of names is shared. Where it gives up on a flood of names with one hash, it does not
                    // only refuse the flood: it miscounts, and refuses messages of others later.
                    .disable(TokenStreamFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                    .build())
            .enable(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                    DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            // A record is its components, as its schema says; what else it can tell, isEmpty() say, is for Java.
            .enable(MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, Json::onlyStrings)
            .build();

    private Json() {}

    /** The mapper would otherwise read {@code 5} or {@code true} where a schema demands a string. */
    private static void onlyStrings(MutableCoercionConfig config) {
        for (CoercionInputShape shape : NOT_STRINGS) {
            config.setCoercion(shape, CoercionAction.Fail);
        }
    }

    /** The shared mapper: reads and writes wire values. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /** A new empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The tree of a value. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** Parses text written by a developer, such as a schema literal. */
    public static JsonNode parse(String text) {
        return MAPPER.readTree(text);
    }

    /**
     * Reads one JSON text from untrusted bytes.
     *
     * @throws InvalidJson if the bytes are not one strict UTF-8 JSON text within the bounds
     */
    public static JsonNode read(byte[] bytes) throws InvalidJson {
        try {
            Scan scan = Scan.of(bytes);
            if (!scan.plainAscii()) {
                requireUtf8(bytes);
            }
            // Always as bytes: names made to collide in the table of names that Jackson 3.2.4 keeps for its reader of
            // characters make that reader fail on the good messages that come after.
            JsonNode node = MAPPER.readTree(bytes);
            if (node.isMissingNode()) {
                throw new InvalidJson("The message is empty");
            }
            if (scan.escapes() && Surrogates.mayBeEscapedIn(bytes) && Surrogates.unpairedIn(node)) {
                throw new InvalidJson("The message has half a surrogate pair in it");
            }
            return node;
        } catch (CharacterCodingException e) {
            throw new InvalidJson("The message is not UTF-8");
        } catch (RuntimeException e) {
            // Jackson's own, and others where it does not expect them: for an exponent beyond 32 bits, for instance.
            throw new InvalidJson("The message is not valid JSON");
        }
    }

    /** Writes a value as UTF-8 bytes. */
    public static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /**
     * What one look at all bytes tells.
     *
     * @param plainAscii ASCII without NUL, which needs no closer look; NUL would make the parser guess at UTF-16
     * @param escapes whether there are escapes, which could write halves of surrogate pairs
     */
    private record Scan(boolean plainAscii, boolean escapes) {
        static Scan of(byte[] bytes) {
            boolean plainAscii = true;
            boolean escapes = false;
            for (byte b : bytes) {
                plainAscii &= b > 0;
                escapes |= b == '\\';
            }
            return new Scan(plainAscii, escapes);
        }
    }

    /** Strict, which the parser is not, and without a byte order mark (RFC 8259 section 8.1). */
    private static void requireUtf8(byte[] bytes) throws CharacterCodingException {
        CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        char first = text.get(0);
        if (first == '\uFEFF' || text.chars().anyMatch(c -> c == 0)) {
            throw new CharacterCodingException();
        }
    }

    /** Bytes that are not an acceptable JSON text. */
    public static final class InvalidJson extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        InvalidJson(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }

        /** What is wrong, in words for the peer. */
        public String reason() {
            return reason;
        }
    }
}
