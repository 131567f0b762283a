package dev.mortise.rag;

import dev.mortise.mcp.server.UriTemplate;
import dev.mortise.rag.store.DocumentKey;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How documents and collections are named towards clients. The tenant is not in it: it is the caller's. */
final class KnowledgeUris {
    static final String DOCUMENT = "knowledge://documents/{collection}/{document}";
    static final String COLLECTION = "knowledge://collections/{collection}";

    private static final UriTemplate DOCUMENTS = UriTemplate.parse(DOCUMENT);
    private static final UriTemplate COLLECTIONS = UriTemplate.parse(COLLECTION);

    private KnowledgeUris() {}

    static String of(DocumentKey key) {
        return DOCUMENTS.expand(Map.of("collection", key.collection(), "document", key.document()));
    }

    static String ofCollection(String collection) {
        return COLLECTIONS.expand(Map.of("collection", collection));
    }

    /** Empty for what no document can have as its URI. */
    static Optional<DocumentKey> document(String uri) {
        return DOCUMENTS.match(uri).flatMap(values -> key(values.get("collection"), values.get("document")));
    }

    /** Empty for names that no document can have. */
    static Optional<DocumentKey> key(@Nullable String collection, @Nullable String document) {
        if (collection == null || document == null) {
            return Optional.empty();
        }
        try {
            DocumentKey key = new DocumentKey(collection, document);
            // Half a surrogate pair has no place in a URI.
            of(key);
            return Optional.of(key);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
