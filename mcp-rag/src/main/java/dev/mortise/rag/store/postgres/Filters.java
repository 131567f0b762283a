package dev.mortise.rag.store.postgres;

import dev.mortise.rag.store.Filter;
import java.util.Collection;
import java.util.List;

/**
 * A filter as a condition on a chunk, of which the statement has {@code d}, its row of {@code rag_document}, and some row
 * with its ordinal. It is never null, so that its negation can be trusted. The tenant is no part of it: every statement
 * asks for that by itself.
 */
final class Filters {
    private Filters() {}

    /**
     * @param chunks the table of chunks
     * @param ordinal the expression for the chunk's
     */
    static Query condition(Filter filter, String chunks, String ordinal) {
        String metadata = "(CASE WHEN d.varied THEN coalesce((SELECT own.metadata FROM " + chunks
                + " own WHERE own.document_id = d.id AND own.ordinal = " + ordinal
                + "), d.metadata) ELSE d.metadata END)";
        return condition(filter, metadata);
    }

    private static Query condition(Filter filter, String metadata) {
        return switch (filter) {
            case Filter.All all -> Query.of("true");
            case Filter.Collections collections ->
                Query.of("d.collection = ANY (?)", (Object) storable(collections.names()));
            case Filter.Documents documents ->
                Query.of("d.key = ANY (?::uuid[])", (Object) documents.keys().stream()
                        .map(key -> Ids.of(key).toString())
                        .toArray(String[]::new));
            case Filter.Metadata value ->
                Query.of(
                        "coalesce(" + metadata + " ->> ? = ANY (?), false)",
                        StorableText.of(value.name()),
                        storable(value.values()));
            case Filter.Range range -> range(range, metadata);
            case Filter.And and -> joined(and.parts(), metadata, " AND ", "true");
            case Filter.Or or -> joined(or.parts(), metadata, " OR ", "false");
            case Filter.Not not ->
                Query.of("NOT (").add(condition(not.part(), metadata)).add(")");
        };
    }

    private static Query range(Filter.Range range, String metadata) {
        String name = StorableText.of(range.name());
        Query query = Query.of("coalesce(" + metadata + " ->> ? IS NOT NULL", name);
        if (range.from() != null) {
            query.add(" AND (" + metadata + " ->> ?) COLLATE \"C\" >= ?", name, StorableText.of(range.from()));
        }
        if (range.to() != null) {
            query.add(" AND (" + metadata + " ->> ?) COLLATE \"C\" <= ?", name, StorableText.of(range.to()));
        }
        return query.add(", false)");
    }

    private static Query joined(List<Filter> parts, String metadata, String with, String empty) {
        if (parts.isEmpty()) {
            return Query.of(empty);
        }
        Query query = Query.of("(");
        for (int i = 0; i < parts.size(); i++) {
            query.add(i == 0 ? "" : with).add(condition(parts.get(i), metadata));
        }
        return query.add(")");
    }

    private static String[] storable(Collection<String> values) {
        return values.stream().map(StorableText::of).toArray(String[]::new);
    }
}
