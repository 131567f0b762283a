package dev.mortise.rag;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceCall;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.Source;
import dev.mortise.rag.internal.Marks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.Tenant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Documents as resources: those of the caller's tenant, as they are at the moment. */
final class KnowledgeResources implements Source<Resource> {
    private static final int LISTED = 1_000;

    private final KnowledgeBase base;
    private final DocumentList documents;
    private final Marks marks;
    private final Language language;

    KnowledgeResources(KnowledgeBase base, DocumentList documents, Marks marks, Language language) {
        this.base = base;
        this.documents = documents;
        this.marks = marks;
        this.language = language;
    }

    @Override
    public List<Resource> list(Caller caller, @Nullable String after, int limit) {
        NavigableMap<String, DocumentRecord> all = documents.of(Tenant.of(caller));
        return (after == null ? all : all.tailMap(after, false))
                .values().stream().limit(limit).map(this::resource).toList();
    }

    @Override
    public Optional<Resource> find(Caller caller, String uri) {
        return KnowledgeUris.document(uri)
                .flatMap(key -> base.store().document(Tenant.of(caller), key))
                // The same document has one URI only: others are answered by the template.
                .filter(document -> KnowledgeUris.of(document.key()).equals(uri))
                .map(this::resource);
    }

    @Override
    public boolean perCaller() {
        return true;
    }

    private Resource resource(DocumentRecord document) {
        return marks.on(Resource.at(
                        KnowledgeUris.of(document.key()), document.key().document()))
                .title(document.title())
                .mimeType(type(document))
                .read(call -> read(call, document.key()));
    }

    /** What is stored is the text; only Markdown and plain text look like their originals. */
    static String type(DocumentRecord document) {
        return document.mediaType().startsWith("text/markdown") ? "text/markdown" : "text/plain";
    }

    ResourceTemplate documents() {
        return marks.on(ResourceTemplate.at(KnowledgeUris.DOCUMENT, "document"))
                .title(language.of("Document", "文档"))
                .description(language.of(
                        "The text of one document of the knowledge base, by its collection and its name",
                        "知识库中一个文档的文本，按集合和名称读取"))
                .complete("collection", typed -> documents.collections(Tenant.of(typed.caller()), typed.value()))
                .complete("document", typed -> documents.names(Tenant.of(typed.caller()), typed.value()))
                .read(call -> KnowledgeUris.key(call.variable("collection"), call.variable("document"))
                        .map(key -> read(call, key))
                        .orElseGet(ResourceOutcome::notFound));
    }

    private ResourceOutcome read(ResourceCall call, DocumentKey key) {
        return base.store()
                .text(Tenant.of(call.caller()), key)
                .map(text -> ResourceOutcome.found(call.text(text)))
                .orElseGet(ResourceOutcome::notFound);
    }

    ResourceTemplate collections() {
        return marks.on(ResourceTemplate.at(KnowledgeUris.COLLECTION, "collection"))
                .title(language.of("Collection of documents", "文档集合"))
                .description(language.of(
                        "The documents of one collection of the knowledge base: names, titles and URIs, the first "
                                + LISTED,
                        "知识库一个集合中的文档：名称、标题和 URI，最多列出前 " + LISTED + " 个"))
                .mimeType("application/json")
                .complete("collection", typed -> documents.collections(Tenant.of(typed.caller()), typed.value()))
                .read(this::collection);
    }

    private ResourceOutcome collection(ResourceCall call) {
        String name = call.variable("collection");
        Tenant tenant = Tenant.of(call.caller());
        Long count = base.store().collections(tenant).get(name);
        if (count == null) {
            return ResourceOutcome.notFound();
        }
        ObjectNode result = Json.object().put("collection", name).put("count", count);
        ArrayNode all = result.putArray("documents");
        for (DocumentRecord document : base.store().documents(tenant, name, null, LISTED)) {
            all.addObject()
                    .put("document", document.key().document())
                    .put("title", document.title())
                    .put("uri", KnowledgeUris.of(document.key()));
        }
        return ResourceOutcome.found(call.text(result.toString()));
    }
}
