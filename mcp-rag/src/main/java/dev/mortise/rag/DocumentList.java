package dev.mortise.rag;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The documents of a tenant by their URIs, whose order is not that of the store. Kept until anything of the tenant
 * changes. A tenant's first {@value #MOST} documents are listed; all can be found, read and searched.
 */
final class DocumentList {
    static final int MOST = 10_000;
    private static final int PAGE = 1_000;
    private static final int KEPT = 200_000;
    private static final int SUGGESTED = 1_000;

    private record Listed(long generation, NavigableMap<String, DocumentRecord> byUri) {}

    private final ChunkStore store;
    private final Cache<Tenant, Listed> kept = Caffeine.newBuilder()
            .maximumWeight(KEPT)
            .weigher((Tenant tenant, Listed listed) -> listed.byUri().size() + 1)
            .build();

    DocumentList(ChunkStore store) {
        this.store = store;
    }

    NavigableMap<String, DocumentRecord> of(Tenant tenant) {
        // Asked first: what changes while the documents are read makes the list stale, never wrong for long.
        long generation = store.generation(tenant);
        Listed known = kept.getIfPresent(tenant);
        if (known != null && known.generation() == generation) {
            return known.byUri();
        }
        NavigableMap<String, DocumentRecord> byUri = new TreeMap<>();
        DocumentKey after = null;
        List<DocumentRecord> page;
        do {
            page = store.documents(tenant, null, after, Math.min(PAGE, MOST - byUri.size()));
            for (DocumentRecord document : page) {
                after = document.key();
                byUri.put(KnowledgeUris.of(after), document);
            }
        } while (page.size() == PAGE && byUri.size() < MOST);
        kept.put(tenant, new Listed(generation, byUri));
        return byUri;
    }

    /** Names of documents that go on as typed, then those that have it anywhere. */
    List<String> names(Tenant tenant, String typed) {
        String wanted = typed.toLowerCase(Locale.ROOT);
        List<String> begin = new ArrayList<>();
        List<String> contain = new ArrayList<>();
        for (DocumentRecord document : of(tenant).values()) {
            String name = document.key().document();
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(wanted)) {
                begin.add(name);
            } else if (lower.contains(wanted)) {
                contain.add(name);
            }
        }
        begin.addAll(contain);
        return begin.stream().distinct().limit(SUGGESTED).toList();
    }

    List<String> collections(Tenant tenant, String typed) {
        String wanted = typed.toLowerCase(Locale.ROOT);
        return store.collections(tenant).keySet().stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).contains(wanted))
                .limit(SUGGESTED)
                .toList();
    }
}
