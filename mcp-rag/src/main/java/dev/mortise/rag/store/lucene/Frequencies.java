package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;

/**
 * How many chunks of a tenant have a term. Deleted ones do not count, though Lucene counts them until a merge, which comes
 * when others' documents make it come. Not thread-safe.
 */
final class Frequencies {
    /** Where more have a term, their share of living ones is taken to be that of all: how common it is hardly changes. */
    private static final int MOST_ASKED = 4096;

    private final Snapshot snapshot;
    private final Tenant tenant;
    private final Map<String, Integer> known = new HashMap<>();

    Frequencies(Snapshot snapshot, Tenant tenant) {
        this.snapshot = snapshot;
        this.tenant = tenant;
    }

    int of(String term) throws IOException {
        Integer frequency = known.get(term);
        if (frequency == null) {
            frequency = count(new BytesRef(Fields.term(tenant, term)));
            known.put(term, frequency);
        }
        return frequency;
    }

    private int count(BytesRef name) throws IOException {
        long count = 0;
        List<LeafReaderContext> leaves = snapshot.getIndexReader().leaves();
        for (LeafReaderContext leaf : leaves) {
            Terms terms = leaf.reader().terms(Fields.CHUNK_TERMS);
            TermsEnum term = terms == null ? null : terms.iterator();
            if (term != null && term.seekExact(name)) {
                count += count(
                        term, leaf.reader(), snapshot.catalogue().segments().get(leaf.ord));
            }
        }
        return Math.toIntExact(count);
    }

    private long count(TermsEnum term, LeafReader segment, Catalogue.Segment counts) throws IOException {
        Bits live = segment.getLiveDocs();
        int all = term.docFreq();
        Holdings deleted = counts.deleted().get(Fields.tenant(tenant));
        if (live == null || deleted == null) {
            return all;
        }
        if (all > MOST_ASKED) {
            long left = counts.of(tenant).chunks();
            return Math.max(1, Math.round(all * ((double) left / (left + deleted.chunks()))));
        }
        int living = 0;
        PostingsEnum postings = term.postings(null, PostingsEnum.NONE);
        for (int entry = postings.nextDoc(); entry != DocIdSetIterator.NO_MORE_DOCS; entry = postings.nextDoc()) {
            living += live.get(entry) ? 1 : 0;
        }
        return living;
    }
}
