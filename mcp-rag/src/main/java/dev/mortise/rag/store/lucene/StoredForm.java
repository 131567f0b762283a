package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.util.BytesRef;

/** Chunks and records of documents as bytes. The first byte is the version of the form. */
final class StoredForm {
    private static final int VERSION = 1;

    private StoredForm() {}

    static byte[] of(Chunk chunk) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(chunk.text().length() + 256);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(VERSION);
        key(out, chunk.document());
        out.writeLong(chunk.version());
        out.writeInt(chunk.ordinal());
        text(out, chunk.title());
        out.writeInt(chunk.headings().size());
        for (String heading : chunk.headings()) {
            text(out, heading);
        }
        out.writeInt(chunk.start());
        out.writeInt(chunk.end());
        text(out, chunk.text());
        metadata(out, chunk.metadata());
        return bytes.toByteArray();
    }

    static Chunk chunk(BytesRef bytes) throws IOException {
        ByteBuffer in = open(bytes);
        DocumentKey key = key(in);
        long version = in.getLong();
        int ordinal = in.getInt();
        String title = text(in);
        int count = in.getInt();
        List<String> headings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            headings.add(text(in));
        }
        int start = in.getInt();
        int end = in.getInt();
        String text = text(in);
        return new Chunk(key, version, ordinal, title, headings, start, end, text, metadata(in));
    }

    static byte[] of(DocumentRecord document) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(VERSION);
        key(out, document.key());
        text(out, document.title());
        text(out, document.mediaType());
        text(out, document.contentHash());
        out.writeLong(document.version());
        out.writeLong(document.bytes());
        out.writeLong(document.updated().toEpochMilli());
        metadata(out, document.metadata());
        return bytes.toByteArray();
    }

    static DocumentRecord document(BytesRef bytes) throws IOException {
        ByteBuffer in = open(bytes);
        return new DocumentRecord(
                key(in),
                text(in),
                text(in),
                text(in),
                in.getLong(),
                in.getLong(),
                Instant.ofEpochMilli(in.getLong()),
                metadata(in));
    }

    private static ByteBuffer open(BytesRef bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes.bytes, bytes.offset, bytes.length);
        int version = in.get();
        if (version != VERSION) {
            throw new IOException("The index was written in form " + version + "; this release reads form " + VERSION);
        }
        return in;
    }

    private static void key(DataOutputStream out, DocumentKey key) throws IOException {
        text(out, key.collection());
        text(out, key.document());
    }

    private static DocumentKey key(ByteBuffer in) {
        return new DocumentKey(text(in), text(in));
    }

    private static void metadata(DataOutputStream out, Map<String, String> metadata) throws IOException {
        out.writeInt(metadata.size());
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
            text(out, entry.getKey());
            text(out, entry.getValue());
        }
    }

    private static Map<String, String> metadata(ByteBuffer in) {
        int count = in.getInt();
        if (count == 0) {
            return Map.of();
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            metadata.put(text(in), text(in));
        }
        return metadata;
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(ByteBuffer in) {
        int length = in.getInt();
        int from = in.position();
        in.position(from + length);
        return new String(in.array(), in.arrayOffset() + from, length, StandardCharsets.UTF_8);
    }
}
