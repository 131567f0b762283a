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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model and its tokenizer in native code. All that needs the optional libraries is here, so that {@link OnnxEmbeddings} can
 * say that they are missing.
 */
final class OnnxModel {
    private final Pooling pooling;
    private final HuggingFaceTokenizer tokenizer;

    /** Cuts nothing: a long text has more tokens than the model sees. */
    private final HuggingFaceTokenizer counter;

    private final OrtSession session;
    private final String output;
    private final int dimensions;

    private OnnxModel(Pooling pooling, HuggingFaceTokenizer tokenizer, HuggingFaceTokenizer counter, OrtSession session)
            throws OrtException {
        this.pooling = pooling;
        this.tokenizer = tokenizer;
        this.counter = counter;
        this.session = session;
        Map.Entry<String, NodeInfo> first =
                session.getOutputInfo().entrySet().iterator().next();
        this.output = first.getKey();
        this.dimensions = dimensions(first.getValue());
    }

    static OnnxModel load(OnnxFolder folder, OnnxEmbeddings.Options options) throws IOException {
        String longest = Integer.toString(options.maxTokens());
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                folder.tokenizer(),
                Map.of("truncation", "true", "maxLength", longest, "modelMaxLength", longest, "padding", "true"));
        HuggingFaceTokenizer counter =
                HuggingFaceTokenizer.newInstance(folder.tokenizer(), Map.of("truncation", "false", "padding", "false"));
        try (OrtSession.SessionOptions session = new OrtSession.SessionOptions()) {
            session.setIntraOpNumThreads(1);
            session.setInterOpNumThreads(1);
            return new OnnxModel(
                    options.pooling(),
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

    int dimensions() {
        return dimensions;
    }

    List<float[]> run(List<String> texts) throws OrtException {
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
                case float[][][] tokens -> pooling == Pooling.MEAN ? mean(tokens[at], mask[at]) : tokens[at][0];
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

    int countTokens(String text) {
        return counter.encode(text).getIds().length;
    }

    void closeSession() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    void closeTokenizers() {
        tokenizer.close();
        counter.close();
    }
}
