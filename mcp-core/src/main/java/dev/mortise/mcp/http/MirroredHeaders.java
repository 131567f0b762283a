package dev.mortise.mcp.http;

import dev.mortise.mcp.json.InvalidSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The arguments of a tool that its input schema asks to have repeated in {@code Mcp-Param-*} headers
 * ({@code x-mcp-header}; specification, tools, and Streamable HTTP: Custom Headers from Tool Parameters). Read once per
 * tool; immutable and thread-safe. The client writes the headers by it, the server holds header and body to each other,
 * so that whoever routed the request by its headers routed the call that is made.
 */
public final class MirroredHeaders {
    private static final String KEYWORD = "x-mcp-header";
    private static final String PREFIX = "Mcp-Param-";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** The values of these are instances, not schemas. */
    private static final Set<String> DATA = Set.of("const", "enum", "default", "examples");

    /** The members of these have names of their own choice, which are not keywords. */
    private static final Set<String> NAMED =
            Set.of("properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions");

    private final List<MirroredHeader> headers;

    private MirroredHeaders(List<MirroredHeader> headers) {
        this.headers = List.copyOf(headers);
    }

    /**
     * Reads the annotations of an input schema.
     *
     * @throws InvalidSchema if an annotation breaks a rule; the tool must then not be offered, or, by a client, not
     *     be used
     */
    public static MirroredHeaders of(JsonNode inputSchema) {
        Map<String, MirroredHeader> byName = new LinkedHashMap<>();
        visit(inputSchema, List.of(), true, byName);
        return new MirroredHeaders(List.copyOf(byName.values()));
    }

    /** The mirrored arguments, in the order of the schema. */
    public List<MirroredHeader> headers() {
        return headers;
    }

    /**
     * The headers a client sends with these arguments, by name. An argument that is absent, {@code null}, or not
     * of a type that can be mirrored has none.
     */
    public Map<String, String> encode(JsonNode arguments) {
        Map<String, String> encoded = new LinkedHashMap<>();
        for (MirroredHeader header : headers) {
            header.encode(header.in(arguments)).ifPresent(value -> encoded.put(header.name(), value));
        }
        return encoded;
    }

    /**
     * Holds the headers of a request to its body.
     *
     * @param headerValues the values of a header by its name, whose case does not matter; an empty list if it is absent
     * @param arguments the arguments of the call
     * @return what does not match, for the peer to read; empty if all does
     */
    public Optional<String> mismatch(Function<String, List<String>> headerValues, JsonNode arguments) {
        for (MirroredHeader header : headers) {
            Optional<String> mismatch = mismatch(header, headerValues.apply(header.name()), header.in(arguments));
            if (mismatch.isPresent()) {
                return mismatch;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> mismatch(MirroredHeader header, List<String> values, JsonNode argument) {
        String name = header.name();
        String property = String.join(".", header.path());
        if (argument.isMissingNode()) {
            return values.isEmpty()
                    ? Optional.empty()
                    : Optional.of(name + " is present, but the argument '" + property + "' is not");
        }
        if (values.isEmpty()) {
            return Optional.of(name + " is missing, but the argument '" + property + "' is present");
        }
        if (values.size() > 1) {
            return Optional.of(name + " is present more than once");
        }
        Optional<String> text = HeaderValue.decode(HeaderValue.trim(values.getFirst()));
        if (text.isEmpty()) {
            return Optional.of(name + " holds invalid characters or encoding");
        }
        return header.matches(text.get(), argument)
                ? Optional.empty()
                : Optional.of(name + " does not match the argument '" + property + "'");
    }

    /** Walks the whole schema; {@code reachable} while only {@code properties} were passed from the root. */
    private static void visit(
            JsonNode schema, List<String> path, boolean reachable, Map<String, MirroredHeader> found) {
        JsonNode annotation = schema.path(KEYWORD);
        if (schema.isObject() && !annotation.isMissingNode()) {
            MirroredHeader header = header(schema, annotation, path, reachable);
            if (found.putIfAbsent(header.name().toLowerCase(Locale.ROOT), header) != null) {
                throw invalid(
                        path, "repeats the name '" + annotation.stringValue() + "'; names are unique, whatever case");
            }
        }
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            String name = keyword.getKey();
            if (NAMED.contains(name) && keyword.getValue().isObject()) {
                boolean stillReachable = reachable && name.equals("properties");
                for (Map.Entry<String, JsonNode> member : keyword.getValue().properties()) {
                    visit(member.getValue(), append(path, member.getKey()), stillReachable, found);
                }
            } else if (!DATA.contains(name)) {
                visit(keyword.getValue(), append(path, name), false, found);
            }
        }
        for (JsonNode element : schema.isArray() ? schema : List.<JsonNode>of()) {
            visit(element, path, false, found);
        }
    }

    private static MirroredHeader header(JsonNode schema, JsonNode annotation, List<String> path, boolean reachable) {
        if (!reachable || path.isEmpty()) {
            throw invalid(path, "is not a property that 'properties' alone lead to from the root");
        }
        String name = annotation.asString("");
        if (!annotation.isString() || !TOKEN.matcher(name).matches()) {
            throw invalid(path, "has a name that is not an HTTP token: letters, digits and !#$%&'*+-.^_`|~");
        }
        MirroredHeader.Type type = switch (schema.path("type").asString("")) {
            case "string" -> MirroredHeader.Type.STRING;
            case "integer" -> MirroredHeader.Type.INTEGER;
            case "boolean" -> MirroredHeader.Type.BOOLEAN;
            default -> throw invalid(path, "is not of type string, integer or boolean");
        };
        return new MirroredHeader(PREFIX + name, path, type);
    }

    private static InvalidSchema invalid(List<String> path, String why) {
        return new InvalidSchema(KEYWORD + " at '" + String.join(".", path) + "' cannot be used: the property " + why);
    }

    private static List<String> append(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }
}
