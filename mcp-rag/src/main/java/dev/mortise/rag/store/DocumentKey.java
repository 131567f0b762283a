package dev.mortise.rag.store;

/**
 * Names a document within its tenant.
 *
 * @param collection a group of documents that are searched, listed and deleted together; up to 256 characters
 * @param document unique within the collection, for example a path; up to 2048 characters
 */
public record DocumentKey(String collection, String document) implements Comparable<DocumentKey> {
    public DocumentKey {
        if (collection.isEmpty() || document.isEmpty()) {
            throw new IllegalArgumentException("A document needs a collection and a name");
        }
        Names.checked("name of a collection", collection, 256);
        Names.checked("name of a document", document, 2048);
    }

    @Override
    public int compareTo(DocumentKey other) {
        int byCollection = collection.compareTo(other.collection);
        return byCollection != 0 ? byCollection : document.compareTo(other.document);
    }

    @Override
    public String toString() {
        return collection + "/" + document;
    }
}
