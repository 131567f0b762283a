package dev.mortise.mcp.json;

import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.format.Format;
import com.networknt.schema.keyword.AnnotationKeyword;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The dialects of JSON Schema that are understood, by the {@code $schema} that selects them. */
final class Dialects {
    private static final Map<String, Dialect> KNOWN = new LinkedHashMap<>();

    static {
        for (Dialect dialect : List.of(
                com.networknt.schema.dialect.Dialects.getDraft202012(),
                com.networknt.schema.dialect.Dialects.getDraft201909(),
                com.networknt.schema.dialect.Dialects.getDraft7(),
                com.networknt.schema.dialect.Dialects.getDraft6(),
                com.networknt.schema.dialect.Dialects.getDraft4())) {
            KNOWN.put(plain(dialect.getId()), tolerant(dialect).build());
        }
    }

    private Dialects() {}

    /** The dialect a schema is written in: 2020-12 where it does not say (specification, basic: Schema Dialect). */
    static Dialect of(JsonNode schema) {
        JsonNode declared = schema.path("$schema");
        if (declared.isMissingNode()) {
            return KNOWN.values().iterator().next();
        }
        Dialect dialect = declared.isString() ? KNOWN.get(plain(declared.stringValue())) : null;
        if (dialect == null) {
            throw new InvalidSchema(
                    "The schema dialect " + declared + " is not supported; leave $schema out for 2020-12, "
                            + "or use one of: " + String.join(", ", KNOWN.keySet()));
        }
        return dialect;
    }

    /** The same dialect, in which these formats are checked and all others are remarks. */
    static Dialect checking(Dialect dialect, List<Format> formats) {
        return tolerant(dialect)
                .formats(known -> {
                    known.clear();
                    formats.forEach(format -> known.put(format.getName(), format));
                })
                .build();
    }

    /** Keywords nobody knows are remarks, not a line in the log for each of them. */
    private static Dialect.Builder tolerant(Dialect dialect) {
        return Dialect.builder(dialect).unknownKeywordFactory((name, context) -> new AnnotationKeyword(name));
    }

    private static String plain(String id) {
        return id.endsWith("#") ? id.substring(0, id.length() - 1) : id;
    }
}
