package dev.mortise.security.audit;

import dev.mortise.security.internal.hash.Hasher;
import dev.mortise.security.internal.json.CanonicalWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes records of entries: writes their canonical form once, into one buffer, and hashes it there. Not thread-safe: it
 * belongs to the writer of a log.
 */
final class Chainer {
    /** What nobody can guess: without it a personal part that was erased could be found by trying. */
    private static final int SALT_BYTES = 16;

    private static final byte[] NO_COMMITMENT = {};
    private static final byte[] BODY = bytes("{\"body\":");
    private static final byte[] COMMITMENT = bytes(",\"commitment\":\"");
    private static final byte[] PREVIOUS = bytes("\",\"previous\":\"");
    private static final byte[] SEQUENCE = bytes("\",\"sequence\":");
    private static final byte[] STREAM = bytes(",\"stream\":\"");
    private static final byte[] VERSION = bytes("\",\"version\":1}");

    private final Hasher hasher = new Hasher();
    private final RecordText texts = new RecordText(hasher.json());

    /** Records that follow a head. */
    Batch chain(Head before, List<? extends Entry> entries) {
        List<Link> links = new ArrayList<>(entries.size());
        long sequence = before.sequence();
        byte[] previous = HexFormat.of().parseHex(before.hash());
        for (Entry entry : entries) {
            Link link = link(before.stream(), ++sequence, previous, entry);
            links.add(link);
            previous = link.hash;
        }
        return new Batch(before, links);
    }

    private Link link(String stream, long sequence, byte[] previous, Entry entry) {
        CanonicalWriter json = hasher.json();
        MessageDigest sha256 = hasher.sha256();
        byte[] salt = null;
        byte[] personal = null;
        byte[] commitment = NO_COMMITMENT;
        if (entry instanceof Entry.Event(AuditEvent event)) {
            json.clear();
            texts.personal(event);
            personal = json.bytes(0);
            salt = hasher.salt(SALT_BYTES);
            sha256.update(salt);
            sha256.update(personal);
            commitment = hasher.end().clone();
        }
        json.clear();
        json.raw(BODY);
        int from = json.length();
        switch (entry) {
            case Entry.Event(AuditEvent event) -> texts.body(event);
            case Entry.Own own -> texts.own(own);
        }
        byte[] body = json.bytes(from);
        json.raw(COMMITMENT);
        json.hex(commitment);
        json.raw(PREVIOUS);
        json.hex(previous);
        json.raw(SEQUENCE);
        json.raw(Long.toString(sequence));
        json.raw(STREAM);
        json.raw(stream);
        json.raw(VERSION);
        json.digest(sha256, 0);
        return new Link(sequence, previous, body, commitment, hasher.end().clone(), salt, personal, entry);
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }
}
