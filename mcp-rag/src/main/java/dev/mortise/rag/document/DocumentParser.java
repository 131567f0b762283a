package dev.mortise.rag.document;

/** Finds the text in the bytes of one or more formats. Thread-safe; bounded in time and memory, whatever the bytes. */
public interface DocumentParser {
    /** @throws DocumentRejected if there is no text to be had, with what to do about it */
    ParsedText parse(DocumentSource source) throws DocumentRejected;
}
