package dev.mortise.security.audit;

import dev.mortise.security.internal.hash.Hasher;
import dev.mortise.security.internal.json.CanonicalWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes records of entries: writes each once, as the line that is kept and exported, and hashes its parts where they
 * stand. Not thread-safe: it belongs to the writer of a log.
 */
final class Chainer {
    /** What nobody can guess: without it a personal part that was erased could be found by trying. */
    private static final int SALT_BYTES = 16;

    private static final int MOST_RECORDS = 1024;

    private static final byte[] NO_COMMITMENT = {};
    private static final byte[] HASH = bytes("{\"hash\":\"" + Hashes.NONE + "\"");
    private static final int HASH_AT = "{\"hash\":\"".length();
    private static final byte[] PERSONAL = bytes(",\"personal\":");
    private static final byte[] RECORD = bytes(",\"record\":");
    private static final byte[] BODY = bytes("{\"body\":");
    private static final byte[] COMMITMENT = bytes(",\"commitment\":\"");
    private static final byte[] PREVIOUS = bytes("\",\"previous\":\"");
    private static final byte[] SEQUENCE = bytes("\",\"sequence\":");
    private static final byte[] STREAM = bytes(",\"stream\":\"");
    private static final byte[] VERSION = bytes("\",\"version\":1}");
    private static final byte[] SALT = bytes(",\"salt\":\"");
    private static final byte[] TYPE_AFTER_SALT = bytes("\",\"type\":\"record\"}\n");
    private static final byte[] TYPE = bytes(",\"type\":\"record\"}\n");

    private final Hasher hasher = new Hasher();
    /** The hash of the last record, in hexadecimal digits. */
    private final byte[] previous = new byte[Hashes.NONE.length()];

    private final MessageDigest sha256 = hasher.sha256();

    // The block that is being written:
    private final CanonicalWriter json = new CanonicalWriter(Block.FULL + Block.FULL / 4);
    private final RecordText texts = new RecordText(json);
    private final ByteBuffer directory = ByteBuffer.allocate(MOST_RECORDS * Keys.BYTES);
    private long since;
    private long until;
    private long marks;

    /** Records that follow a head. */
    Batch chain(Head before, List<? extends Entry> entries) {
        List<Block> blocks = new ArrayList<>();
        byte[] stream = bytes(before.stream());
        long sequence = before.sequence();
        long first = sequence + 1;
        System.arraycopy(bytes(before.hash()), 0, previous, 0, previous.length);
        begin();
        for (Entry entry : entries) {
            if (sequence >= first && isFull(entry.at().toEpochMilli())) {
                blocks.add(block(before.stream(), first, sequence));
                first = sequence + 1;
                begin();
            }
            line(stream, ++sequence, entry);
            add(keys(entry));
        }
        blocks.add(block(before.stream(), first, sequence));
        return new Batch(
                before,
                new Head(before.stream(), sequence, new String(previous, StandardCharsets.US_ASCII)),
                List.copyOf(blocks));
    }

    private void begin() {
        json.clear();
        directory.clear();
        since = Long.MAX_VALUE;
        until = Long.MIN_VALUE;
        marks = 0;
    }

    private boolean isFull(long next) {
        return json.length() >= Block.FULL
                || !directory.hasRemaining()
                || Math.max(until, next) - Math.min(since, next) > Block.LONGEST;
    }

    private Keys keys(Entry entry) {
        return switch (entry) {
            case Entry.Event(AuditEvent event) -> texts.keys(event);
            case Entry.Own own -> Keys.own(own.at());
        };
    }

    private void add(Keys keys) {
        keys.write(directory);
        since = Math.min(since, keys.at());
        until = Math.max(until, keys.at());
        marks |= keys.marks();
    }

    private Block block(String stream, long first, long last) {
        return new Block(
                stream,
                first,
                last,
                since,
                until,
                marks,
                Arrays.copyOf(directory.array(), directory.position()),
                json.bytes(0));
    }

    /** Puts its hash in the place of that of the one before. */
    private void line(byte[] stream, long sequence, Entry entry) {
        int hashAt = json.length() + HASH_AT;
        json.raw(HASH);
        byte[] salt = null;
        byte[] commitment = NO_COMMITMENT;
        if (entry instanceof Entry.Event(AuditEvent event)) {
            json.raw(PERSONAL);
            int personalAt = json.length();
            texts.personal(event);
            salt = hasher.salt(SALT_BYTES);
            sha256.update(salt);
            json.digest(sha256, personalAt);
            commitment = hasher.end();
        }
        json.raw(RECORD);
        int recordAt = json.length();
        json.raw(BODY);
        switch (entry) {
            case Entry.Event(AuditEvent event) -> texts.body(event);
            case Entry.Own own -> texts.own(own);
        }
        json.raw(COMMITMENT);
        json.hex(commitment);
        json.raw(PREVIOUS);
        json.raw(previous);
        json.raw(SEQUENCE);
        json.raw(Long.toString(sequence));
        json.raw(STREAM);
        json.raw(stream);
        json.raw(VERSION);
        json.digest(sha256, recordAt);
        if (salt == null) {
            json.raw(TYPE);
        } else {
            json.raw(SALT);
            json.hex(salt);
            json.raw(TYPE_AFTER_SALT);
        }
        json.hexAt(hashAt, hasher.end());
        json.copy(hashAt, previous);
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }
}
