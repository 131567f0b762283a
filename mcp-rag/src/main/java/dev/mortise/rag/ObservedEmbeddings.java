package dev.mortise.rag;

import dev.mortise.mcp.observe.WorkObserver;
import dev.mortise.rag.embed.EmbeddingModel;
import java.util.List;

/** Another model, with an observer around what is waited for. */
record ObservedEmbeddings(EmbeddingModel model, WorkObserver observer) implements EmbeddingModel {
    @Override
    public String id() {
        return model.id();
    }

    @Override
    public int dimensions() {
        return model.dimensions();
    }

    @Override
    public List<float[]> embed(List<String> texts, Use use) {
        return observer.observe(WorkObserver.Work.EMBEDDING, model.id(), () -> model.embed(texts, use));
    }

    @Override
    public Embedded embedCounting(List<String> texts, Use use) {
        return observer.observe(WorkObserver.Work.EMBEDDING, model.id(), () -> model.embedCounting(texts, use));
    }
}
