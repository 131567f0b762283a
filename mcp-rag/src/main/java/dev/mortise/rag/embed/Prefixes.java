package dev.mortise.rag.embed;

import dev.mortise.rag.embed.EmbeddingModel.Use;
import java.util.List;

/** What a model was trained to see before a passage, and before a question. */
record Prefixes(String passage, String query) {
    List<String> before(List<String> texts, Use use) {
        String prefix = switch (use) {
            case PASSAGE -> passage;
            case QUERY -> query;
        };
        return texts.stream().map(text -> prefix + text).toList();
    }

    boolean areEmpty() {
        return passage.isEmpty() && query.isEmpty();
    }

    /** Tells models apart that differ in these only. */
    String id() {
        return Integer.toHexString((passage + "\0" + query).hashCode());
    }
}
