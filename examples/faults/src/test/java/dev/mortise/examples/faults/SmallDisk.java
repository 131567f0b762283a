package dev.mortise.examples.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A disk of 1 MiB that can be filled. Where nothing can be mounted, which takes root, it is a folder that cannot be
 * written to: the same refusals, by another error of the system.
 */
final class SmallDisk implements AutoCloseable {
    private final Path folder;
    private final boolean mounted;

    SmallDisk(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString()) == 0;
    }

    Path folder() {
        return folder;
    }

    /** What it really is, for the report. */
    String what() {
        return mounted ? "full" : "not writable (nothing can be mounted here)";
    }

    void fill() throws Exception {
        if (!mounted) {
            assertThat(run("chmod", "a-w", folder.toString())).isZero();
            return;
        }
        try (OutputStream ballast = Files.newOutputStream(folder.resolve("ballast"))) {
            byte[] page = new byte[4096];
            while (true) {
                ballast.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    void empty() throws Exception {
        if (mounted) {
            Files.delete(folder.resolve("ballast"));
        } else {
            assertThat(run("chmod", "u+w", folder.toString())).isZero();
        }
    }

    private static int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() throws Exception {
        if (mounted) {
            assertThat(run("umount", "-l", folder.toString())).isZero();
        }
    }
}
