package dev.mortise.security.internal.jose;

import dev.mortise.mcp.json.Json;
import io.jsonwebtoken.io.DeserializationException;
import io.jsonwebtoken.io.Deserializer;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** What reads the JSON of tokens for jjwt: as strictly as messages are read. */
final class StrictJson implements Deserializer<Map<String, ?>> {
    static final StrictJson READER = new StrictJson();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private StrictJson() {}

    @Override
    @SuppressWarnings("InlineMeSuggester")
    @Deprecated
    public Map<String, ?> deserialize(byte[] bytes) throws DeserializationException {
        try {
            JsonNode node = Json.read(bytes);
            if (!node.isObject()) {
                throw new DeserializationException("No JSON object");
            }
            return Json.mapper().convertValue(node, MAP);
        } catch (Json.InvalidJson e) {
            throw new DeserializationException("No strict JSON", e);
        }
    }

    @Override
    @SuppressWarnings("deprecation")
    public Map<String, ?> deserialize(Reader reader) throws DeserializationException {
        try {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            return deserialize(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DeserializationException("The JSON cannot be read", e);
        }
    }
}
