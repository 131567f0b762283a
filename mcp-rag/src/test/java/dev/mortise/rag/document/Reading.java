package dev.mortise.rag.document;

import dev.mortise.rag.store.DocumentKey;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads documents as a server would. */
final class Reading {
    private Reading() {}

    static Document of(String name, String text) throws DocumentRejected {
        return of(name, text.getBytes(StandardCharsets.UTF_8));
    }

    static Document of(String name, byte[] bytes) throws DocumentRejected {
        return DocumentReader.standard().read(source(name, bytes));
    }

    static DocumentSource source(String name, byte[] bytes) {
        return DocumentSource.of(new DocumentKey("c", "doc"), bytes).withFileName(name);
    }

    /** Each block as its kind and its text. */
    static List<String> blocks(Document document) {
        return document.blocks().stream()
                .map(block -> block.getClass().getSimpleName() + ":"
                        + (block instanceof Block.Heading heading && heading.start() == heading.end()
                                ? heading.title()
                                : document.text()
                                        .substring(block.start(), block.end())
                                        .strip()))
                .toList();
    }
}
