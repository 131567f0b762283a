package dev.mortise.rag.embed;

import dev.mortise.rag.embed.EmbeddingModel.Use;
import java.util.List;

/** A model that is asked once, for as many texts as it takes at a time. */
interface BatchModel {
    /**
     * @return vectors of length one, as many as texts
     * @throws EmbeddingException if it refuses
     */
    List<float[]> embed(List<String> texts, Use use) throws TryLater, InterruptedException;
}
