package dev.mortise.benchmarks;

import java.io.File;
import java.nio.file.Path;

/** What a run leaves behind, and clears away. */
public final class TemporaryFolder {
    private TemporaryFolder() {}

    /**
     * Deletes a folder and all that is in it, as far as that can be done: a database that was just closed may be taking
     * away files of its own at the same time, and a walk over files that vanish fails.
     */
    public static void delete(Path folder) {
        delete(folder.toFile());
    }

    private static void delete(File file) {
        File[] inside = file.listFiles();
        if (inside != null) {
            for (File one : inside) {
                delete(one);
            }
        }
        file.delete();
    }
}
