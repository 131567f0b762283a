package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Tenant;
import java.util.Collection;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.util.BytesRef;

/** Which entries a search may see: of this kind, of this tenant, and of those, what the filter lets through. */
final class Filters {
    private Filters() {}

    static Query of(Tenant tenant, String kind, Filter filter) {
        BooleanQuery.Builder query =
                builder(tenant, filter).add(new TermQuery(new Term(Fields.KIND, kind)), Occur.FILTER);
        return new ConstantScoreQuery(query.build());
    }

    /** Of either kind. */
    static Query of(Tenant tenant, Filter filter) {
        return new ConstantScoreQuery(builder(tenant, filter).build());
    }

    /** Of either kind, where nothing is but the tenant's. */
    static Query withinTenant(Tenant tenant, Filter filter) {
        return new ConstantScoreQuery(part(tenant, filter));
    }

    private static BooleanQuery.Builder builder(Tenant tenant, Filter filter) {
        BooleanQuery.Builder query = new BooleanQuery.Builder()
                .add(new TermQuery(new Term(Fields.TENANT, Fields.tenant(tenant))), Occur.FILTER);
        if (!(filter instanceof Filter.All)) {
            query.add(part(tenant, filter), Occur.FILTER);
        }
        return query;
    }

    private static Query part(Tenant tenant, Filter filter) {
        return switch (filter) {
            case Filter.All all -> MatchAllDocsQuery.INSTANCE;
            case Filter.Collections collections -> anyTerm(Fields.COLLECTION, collections.names());
            case Filter.Documents documents ->
                anyTerm(
                        Fields.KEY,
                        documents.keys().stream()
                                .map(key -> Fields.key(tenant, key))
                                .toList());
            case Filter.Metadata metadata ->
                anyTerm(
                        Fields.METADATA,
                        metadata.values().stream()
                                .map(value -> Fields.metadata(metadata.name(), value))
                                .toList());
            case Filter.Range range -> range(range);
            case Filter.And and -> all(tenant, and.parts());
            case Filter.Or or -> any(tenant, or.parts());
            case Filter.Not not -> not(part(tenant, not.part()));
        };
    }

    private static Query anyTerm(String field, Collection<String> values) {
        if (values.size() == 1) {
            return new TermQuery(new Term(field, values.iterator().next()));
        }
        return new TermInSetQuery(field, values.stream().map(BytesRef::new).toList());
    }

    private static Query range(Filter.Range range) {
        String from = Fields.metadata(range.name(), range.from() == null ? "" : range.from());
        String to = range.to() == null ? range.name() + '\u0001' : Fields.metadata(range.name(), range.to());
        return TermRangeQuery.newStringRange(Fields.METADATA, from, to, true, range.to() != null);
    }

    private static Query all(Tenant tenant, List<Filter> parts) {
        BooleanQuery.Builder query = new BooleanQuery.Builder().add(MatchAllDocsQuery.INSTANCE, Occur.FILTER);
        parts.forEach(part -> query.add(part(tenant, part), Occur.FILTER));
        return query.build();
    }

    private static Query any(Tenant tenant, List<Filter> parts) {
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        parts.forEach(part -> query.add(part(tenant, part), Occur.SHOULD));
        return query.build();
    }

    private static Query not(Query part) {
        return new BooleanQuery.Builder()
                .add(MatchAllDocsQuery.INSTANCE, Occur.FILTER)
                .add(part, Occur.MUST_NOT)
                .build();
    }
}
