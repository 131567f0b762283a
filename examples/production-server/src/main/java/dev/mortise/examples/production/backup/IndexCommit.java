package dev.mortise.examples.production.backup;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * The index as it was committed last, while another process goes on writing it. A commit is a set of files that are never
 * changed, only removed when a later one does without them; a second name for each keeps them.
 */
final class IndexCommit {
    private static final int TRIES = 100;

    private IndexCommit() {}

    /**
     * Gives every file of the last commit a name in another folder of the same disk.
     *
     * @return false if there is no commit yet
     */
    static boolean link(Path index, Path target) throws IOException {
        Files.createDirectories(target);
        for (int tries = 1; ; tries++) {
            try (Directory directory = FSDirectory.open(index)) {
                for (String file : SegmentInfos.readLatestCommit(directory).files(true)) {
                    link(index.resolve(file), target, file);
                }
                return true;
            } catch (IndexNotFoundException e) {
                return false;
            } catch (NoSuchFileException | java.io.FileNotFoundException e) {
                // A later commit has come meanwhile. What was named of the earlier one does no harm, but is of no use.
                clear(target);
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static void link(Path file, Path target, String name) throws IOException {
        try {
            Files.createLink(target.resolve(name), file);
        } catch (UnsupportedOperationException e) {
            Files.copy(file, target.resolve(name));
        } catch (FileAlreadyExistsException e) {
            // Of an earlier try: it is the same file.
        }
    }

    private static void clear(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
