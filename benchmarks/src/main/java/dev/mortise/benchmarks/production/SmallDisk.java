package dev.mortise.benchmarks.production;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder on a disk of 256 MiB, in memory. Where nothing can be mounted, which takes root, it is a folder like others. */
final class SmallDisk implements AutoCloseable {
    private static final long SIZE = 256 * 1_048_576;

    private final Path folder;
    private final boolean mounted;

    SmallDisk(Path folder) throws IOException {
        this.folder = folder;
        mounted = run("mount", "-t", "tmpfs", "-o", "size=256m,mode=700", "tmpfs", folder.toString()) == 0;
    }

    /** To its last byte; false if it is no disk of its own. */
    static boolean fill(Path folder) throws IOException {
        if (Files.getFileStore(folder).getTotalSpace() > SIZE) {
            return false;
        }
        byte[] page = new byte[4096];
        try (OutputStream ballast = Files.newOutputStream(folder.resolve("ballast"))) {
            while (true) {
                ballast.write(page);
            }
        } catch (IOException e) {
            return true;
        }
    }

    static void empty(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve("ballast"));
    }

    private static int run(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue();
    }

    @Override
    public void close() throws IOException {
        if (mounted) {
            run("umount", "-l", folder.toString());
        }
    }
}
