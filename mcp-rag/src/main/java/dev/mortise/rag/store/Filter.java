package dev.mortise.rag.store;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which chunks may be found, besides those of other tenants, which never are. Immutable. */
public sealed interface Filter {
    /** Everything of the tenant. */
    Filter ALL = new All();

    static Filter collection(String... collections) {
        return new Collections(Set.of(collections));
    }

    static Filter document(DocumentKey... documents) {
        return new Documents(Set.of(documents));
    }

    /** Where the metadata have one of these values under this name. */
    static Filter where(String name, String... values) {
        return new Metadata(name, Set.of(values));
    }

    /** Where the value under this name lies in the range, both ends included, by the order of code points. */
    static Filter between(String name, @Nullable String from, @Nullable String to) {
        return new Range(name, from, to);
    }

    static Filter allOf(Filter... parts) {
        return new And(List.of(parts));
    }

    static Filter anyOf(Filter... parts) {
        return new Or(List.of(parts));
    }

    static Filter not(Filter part) {
        return new Not(part);
    }

    record All() implements Filter {}

    record Collections(Set<String> names) implements Filter {
        public Collections {
            names = Set.copyOf(names);
        }
    }

    record Documents(Set<DocumentKey> keys) implements Filter {
        public Documents {
            keys = Set.copyOf(keys);
        }
    }

    record Metadata(String name, Set<String> values) implements Filter {
        public Metadata {
            values = Set.copyOf(values);
        }
    }

    /** A null bound is no bound. */
    record Range(
            String name, @Nullable String from, @Nullable String to) implements Filter {}

    /** True of everything, where it has no parts. */
    record And(List<Filter> parts) implements Filter {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** True of nothing, where it has no parts. */
    record Or(List<Filter> parts) implements Filter {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    record Not(Filter part) implements Filter {}
}
