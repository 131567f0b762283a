package dev.mortise.examples.documents;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A document as the file system describes it. If a document is equal to what it was before, it has not changed.
 *
 * @param size in bytes
 * @param file tells a file from one that has taken its place; {@code null} where the system cannot
 */
record Document(
        DocumentName name,
        long size,
        Instant modified,
        @Nullable Object file) {}
