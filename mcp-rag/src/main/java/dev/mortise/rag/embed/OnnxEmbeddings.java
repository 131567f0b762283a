package dev.mortise.rag.embed;

import dev.mortise.rag.embed.EmbeddingException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A model in this process: a folder with {@code model.onnx} (or {@code onnx/model.onnx}) and {@code tokenizer.json}, as
 * sentence-transformers and the hubs have them. Needs {@code com.microsoft.onnxruntime:onnxruntime} and
 * {@code ai.djl.huggingface:tokenizers}. Nothing is downloaded. Thread-safe: it computes on platform threads of its own,
 * because native code would pin virtual ones; callers wait their turn.
 */
public final class OnnxEmbeddings implements EmbeddingModel, AutoCloseable {
    private static final List<String> NEEDED =
            List.of("ai.onnxruntime.OrtEnvironment", "ai.djl.huggingface.tokenizers.HuggingFaceTokenizer");

    private final Options options;
    private final OnnxModel model;
    private final String id;
    private final ThreadPoolExecutor threads;
    private final Semaphore room;

    /**
     * How a model is used.
     *
     * @param maxTokens of a text; what is longer is cut
     * @param batch how many texts run through the model at once
     * @param threads that compute, each on a batch of its own
     * @param passagePrefix what the model was trained to see before a passage
     * @param queryPrefix and before a question
     */
    public record Options(
            Pooling pooling, int maxTokens, int batch, int threads, String passagePrefix, String queryPrefix) {
        public Options {
            if (maxTokens < 1 || batch < 1 || threads < 1 || threads > 256) {
                throw new IllegalArgumentException("Tokens, batches and threads are at least one");
            }
        }

        /** The mean of 512 tokens, 16 texts at once, on half of the processors. */
        public static Options standard() {
            int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
            return new Options(Pooling.MEAN, 512, 16, half, "", "");
        }

        Prefixes prefixes() {
            return new Prefixes(passagePrefix, queryPrefix);
        }

        public Options withPooling(Pooling other) {
            return new Options(other, maxTokens, batch, threads, passagePrefix, queryPrefix);
        }

        public Options withMaxTokens(int tokens) {
            return new Options(pooling, tokens, batch, threads, passagePrefix, queryPrefix);
        }

        public Options withPrefixes(String passage, String query) {
            return new Options(pooling, maxTokens, batch, threads, passage, query);
        }
    }

    private OnnxEmbeddings(OnnxFolder folder, Options options, OnnxModel model) {
        this.options = options;
        this.model = model;
        this.id = folder.id() + "/" + options.pooling() + "/" + options.maxTokens() + "/"
                + options.prefixes().id();
        this.threads = new ThreadPoolExecutor(
                options.threads(),
                options.threads(),
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), // as long as there is room for
                Thread.ofPlatform().daemon().name("onnx-", 0).factory());
        this.room = new Semaphore(options.threads() * 2, true);
    }

    /**
     * @throws IOException if the folder has no model or no tokenizer
     * @throws EmbeddingException if they are not of a kind that can be used
     * @throws IllegalStateException if ONNX Runtime or the tokenizers are not there
     */
    public static OnnxEmbeddings load(Path path, Options options) throws IOException {
        if (!isAvailable()) {
            throw new IllegalStateException("ONNX Runtime is not there: add com.microsoft.onnxruntime:onnxruntime"
                    + " and ai.djl.huggingface:tokenizers");
        }
        OnnxFolder folder = OnnxFolder.at(path);
        return new OnnxEmbeddings(folder, options, OnnxModel.load(folder, options));
    }

    /** Whether ONNX Runtime and the tokenizers are there. */
    public static boolean isAvailable() {
        try {
            for (String name : NEEDED) {
                Class.forName(name, false, OnnxEmbeddings.class.getClassLoader());
            }
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int dimensions() {
        return model.dimensions();
    }

    @Override
    public List<float[]> embed(List<String> texts, Use use) {
        List<float[]> vectors = new ArrayList<>(texts.size());
        try {
            for (int from = 0; from < texts.size(); from += options.batch()) {
                List<String> batch = texts.subList(from, Math.min(texts.size(), from + options.batch()));
                vectors.addAll(compute(options.prefixes().before(batch, use)));
            }
            return vectors;
        } catch (InterruptedException e) {
            throw EmbeddingException.interrupted(e);
        }
    }

    private List<float[]> compute(List<String> texts) throws InterruptedException {
        room.acquire();
        Future<List<float[]>> computing;
        try {
            computing = threads.submit(() -> {
                try {
                    return model.run(texts);
                } finally {
                    // Not when the caller goes, who may be interrupted: only now there is room again.
                    room.release();
                }
            });
        } catch (RejectedExecutionException e) {
            room.release();
            throw new EmbeddingException(Kind.UNAVAILABLE, "The model is closed", e);
        }
        try {
            return computing.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EmbeddingException known
                    ? known
                    : new EmbeddingException(Kind.REFUSED, "The model failed", e.getCause());
        }
    }

    /** How many tokens the model sees in a text: for a chunker that cuts by them. */
    public int countTokens(String text) {
        return model.countTokens(text);
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            // The session must not go while something runs in it.
            while (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                threads.shutdownNow();
            }
            model.closeSession();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            model.closeTokenizers();
        }
    }
}
