package dev.mortise.rag.embed;

import dev.mortise.rag.embed.EmbeddingException.Kind;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the vectors of an answer, number by number: a tree of them would take twenty times the memory. Believes nothing:
 * each text has to have its vector, by the index that comes with it, of the right size and with a length.
 */
final class OpenAiAnswer {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(64)
                    .build())
            .build();

    private final float[][] vectors;
    private final int dimensions;

    private OpenAiAnswer(int texts, int dimensions) {
        this.vectors = new float[texts][];
        this.dimensions = dimensions;
    }

    static List<float[]> read(InputStream body, int texts, int dimensions) {
        OpenAiAnswer answer = new OpenAiAnswer(texts, dimensions);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            answer.readObject(parser);
        } catch (JacksonException e) {
            throw wrong("is not JSON, or was cut off", e);
        }
        for (float[] vector : answer.vectors) {
            if (vector == null) {
                throw wrong("has no vector for some of the texts", null);
            }
        }
        return List.copyOf(Arrays.asList(answer.vectors));
    }

    private void readObject(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw wrong("is not an object", null);
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean data = parser.currentName().equals("data");
            JsonToken value = parser.nextToken();
            if (data && value == JsonToken.START_ARRAY) {
                int position = 0;
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    readElement(parser, position++);
                }
            } else {
                parser.skipChildren();
            }
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw wrong("is not one whole object", null);
        }
    }

    private void readElement(JsonParser parser, int position) {
        int index = position;
        float[] vector = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                index = parser.getIntValue();
            } else if (name.equals("embedding") && value == JsonToken.START_ARRAY) {
                vector = readVector(parser);
            } else {
                parser.skipChildren();
            }
        }
        if (vector == null || index < 0 || index >= vectors.length || vectors[index] != null) {
            throw wrong("has a vector too many, or one that is for no text", null);
        }
        if (!Vectors.normalize(vector)) {
            throw wrong("has a vector without a length", null);
        }
        vectors[index] = vector;
    }

    private float[] readVector(JsonParser parser) {
        float[] vector = new float[dimensions];
        int at = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == null || !token.isNumeric() || at == dimensions) {
                throw wrong("has a vector that is not of " + dimensions + " numbers", null);
            }
            vector[at++] = parser.getFloatValue();
        }
        if (at != dimensions) {
            throw wrong("has a vector of " + at + " numbers instead of " + dimensions, null);
        }
        return vector;
    }

    private static EmbeddingException wrong(String what, @Nullable Throwable cause) {
        return new EmbeddingException(Kind.REFUSED, "The answer of the embedding endpoint " + what, cause);
    }
}
