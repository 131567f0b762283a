package dev.mortise.rag.embed;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.mortise.rag.embed.EmbeddingException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Options options;
    private final HuggingFaceTokenizer tokenizer;

    /** Cuts nothing: a long text has more tokens than the model sees. */
    private final HuggingFaceTokenizer counter;

    private final OrtSession session;
    private final String output;
    private final int dimensions;
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

    private OnnxEmbeddings(
            OnnxFolder folder,
            Options options,
            HuggingFaceTokenizer tokenizer,
            HuggingFaceTokenizer counter,
            OrtSession session)
            throws OrtException {
        this.options = options;
        this.tokenizer = tokenizer;
        this.counter = counter;
        this.session = session;
        Map.Entry<String, NodeInfo> first =
                session.getOutputInfo().entrySet().iterator().next();
        this.output = first.getKey();
        this.dimensions = dimensions(first.getValue());
        this.id = folder.id() + "/" + options.pooling() + "/" + options.maxTokens() + "/"
                + Integer.toHexString((options.passagePrefix() + "\0" + options.queryPrefix()).hashCode());
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
     */
    public static OnnxEmbeddings load(Path path, Options options) throws IOException {
        OnnxFolder folder = OnnxFolder.at(path);
        String longest = Integer.toString(options.maxTokens());
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                folder.tokenizer(),
                Map.of("truncation", "true", "maxLength", longest, "modelMaxLength", longest, "padding", "true"));
        HuggingFaceTokenizer counter =
                HuggingFaceTokenizer.newInstance(folder.tokenizer(), Map.of("truncation", "false", "padding", "false"));
        try (OrtSession.SessionOptions session = new OrtSession.SessionOptions()) {
            session.setIntraOpNumThreads(1);
            session.setInterOpNumThreads(1);
            return new OnnxEmbeddings(
                    folder,
                    options,
                    tokenizer,
                    counter,
                    OrtEnvironment.getEnvironment().createSession(folder.model().toString(), session));
        } catch (OrtException e) {
            tokenizer.close();
            counter.close();
            throw new EmbeddingException(Kind.REFUSED, folder.model() + " is not a model that can be used", e);
        }
    }

    private static int dimensions(NodeInfo output) throws OrtException {
        if (output.getInfo() instanceof TensorInfo tensor) {
            long[] shape = tensor.getShape();
            if ((shape.length == 2 || shape.length == 3) && shape[shape.length - 1] > 0) {
                return (int) shape[shape.length - 1];
            }
        }
        throw new EmbeddingException(
                Kind.REFUSED,
                "The first output of the model is not [texts, tokens, dimensions] nor [texts, dimensions]",
                null);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int dimensions() {
        return dimensions;
    }

    @Override
    public List<float[]> embed(List<String> texts, Use use) {
        String prefix = use == Use.QUERY ? options.queryPrefix() : options.passagePrefix();
        List<float[]> vectors = new ArrayList<>(texts.size());
        try {
            for (int from = 0; from < texts.size(); from += options.batch()) {
                List<String> batch = texts.subList(from, Math.min(texts.size(), from + options.batch()));
                vectors.addAll(compute(batch.stream().map(text -> prefix + text).toList()));
            }
            return vectors;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddingException(Kind.UNAVAILABLE, "Interrupted while waiting for the embedding model", e);
        }
    }

    private List<float[]> compute(List<String> texts) throws InterruptedException {
        room.acquire();
        Future<List<float[]>> computing;
        try {
            computing = threads.submit(() -> {
                try {
                    return run(texts);
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

    private List<float[]> run(List<String> texts) throws OrtException {
        Encoding[] encodings = tokenizer.batchEncode(texts);
        long[][] ids = new long[texts.size()][];
        long[][] mask = new long[texts.size()][];
        long[][] types = new long[texts.size()][];
        for (int at = 0; at < encodings.length; at++) {
            ids[at] = encodings[at].getIds();
            mask[at] = encodings[at].getAttentionMask();
            types[at] = encodings[at].getTypeIds();
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (String name : session.getInputNames()) {
                inputs.put(
                        name,
                        OnnxTensor.createTensor(
                                environment,
                                switch (name) {
                                    case "input_ids" -> ids;
                                    case "attention_mask" -> mask;
                                    case "token_type_ids" -> types;
                                    default ->
                                        throw new EmbeddingException(
                                                Kind.REFUSED,
                                                "The model wants an input that is not known here: " + name,
                                                null);
                                }));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return pooled(result.get(output).orElseThrow().getValue(), mask);
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private List<float[]> pooled(Object value, long[][] mask) {
        List<float[]> vectors = new ArrayList<>();
        for (int at = 0; at < mask.length; at++) {
            float[] vector = switch (value) {
                case float[][][] tokens ->
                    options.pooling() == Pooling.MEAN ? mean(tokens[at], mask[at]) : tokens[at][0];
                case float[][] sentences -> sentences[at];
                default -> throw new EmbeddingException(Kind.REFUSED, "The model gives no 32-bit numbers", null);
            };
            if (!Vectors.normalize(vector)) {
                // A text of which no token is left is like no other.
                vector[0] = 1;
            }
            vectors.add(vector);
        }
        return vectors;
    }

    private float[] mean(float[][] tokens, long[] mask) {
        float[] sum = new float[dimensions];
        for (int token = 0; token < tokens.length; token++) {
            for (int at = 0; mask[token] != 0 && at < dimensions; at++) {
                sum[at] += tokens[token][at];
            }
        }
        return sum;
    }

    /** How many tokens the model sees in a text: for a chunker that cuts by them. */
    public int countTokens(String text) {
        return counter.encode(text).getIds().length;
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            // The session must not go while something runs in it.
            while (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                threads.shutdownNow();
            }
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            tokenizer.close();
            counter.close();
        }
    }
}
