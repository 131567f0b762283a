package dev.mortise.rag.embed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes a model folder: an ONNX graph that looks the vector of each token up in a table, and a tokenizer of a few words.
 * The protobuf is written by hand, field by field (onnx.proto of ONNX, ir_version 8).
 */
final class TinyModel {
    static final int DIMENSIONS = 3;
    private static final List<String> WORDS = List.of("[PAD]", "[UNK]", "pump", "oil", "water", "fence");

    private TinyModel() {}

    static Path in(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("model.onnx"), model());
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
        return folder;
    }

    /** Each word points in a direction; what pads would pull far away, if it were counted. */
    private static float[] table() {
        return new float[] {100, 100, 100, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, -1, 0, 0};
    }

    private static byte[] model() {
        ByteBuffer floats = ByteBuffer.allocate(table().length * 4).order(ByteOrder.LITTLE_ENDIAN);
        floats.asFloatBuffer().put(table());
        byte[] initializer = new Proto()
                .number(1, WORDS.size())
                .number(1, DIMENSIONS)
                .number(2, 1) // FLOAT
                .text(8, "table")
                .bytes(9, floats.array())
                .done();
        byte[] gather = new Proto()
                .text(1, "table")
                .text(1, "input_ids")
                .text(2, "last_hidden_state")
                .text(4, "Gather")
                .done();
        // The mask has to be an input, and one that is used.
        byte[] graph = new Proto()
                .bytes(1, gather)
                .text(2, "tiny")
                .bytes(5, initializer)
                .bytes(11, value("input_ids", 7, "batch", "sequence"))
                .bytes(12, value("last_hidden_state", 1, "batch", "sequence", "3"))
                .done();
        byte[] opset = new Proto().text(1, "").number(2, 17).done();
        return new Proto().number(1, 8).bytes(7, graph).bytes(8, opset).done();
    }

    /** @param type 1 for FLOAT, 7 for INT64 */
    private static byte[] value(String name, int type, String... dimensions) {
        Proto shape = new Proto();
        for (String dimension : dimensions) {
            boolean number = Character.isDigit(dimension.charAt(0));
            shape.bytes(
                    1,
                    number
                            ? new Proto().number(1, Integer.parseInt(dimension)).done()
                            : new Proto().text(2, dimension).done());
        }
        byte[] tensor = new Proto().number(1, type).bytes(2, shape.done()).done();
        return new Proto()
                .text(1, name)
                .bytes(2, new Proto().bytes(1, tensor).done())
                .done();
    }

    private static String tokenizer() {
        String vocabulary = IntStream.range(0, WORDS.size())
                .mapToObj(id -> "\"" + WORDS.get(id) + "\": " + id)
                .collect(Collectors.joining(", "));
        return """
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [{"id": 0, "content": "[PAD]", "single_word": false, "lstrip": false, "rstrip": false,
                   "normalized": false, "special": true}],
                 "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
                 "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "[UNK]"}}
                """.formatted(vocabulary);
    }

    /** Writes fields of protocol buffers. */
    private static final class Proto {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Proto number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Proto text(int field, String text) {
            return bytes(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Proto bytes(int field, byte[] bytes) {
            varint((long) field << 3 | 2);
            varint(bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                out.write((int) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        byte[] done() {
            return out.toByteArray();
        }
    }
}
