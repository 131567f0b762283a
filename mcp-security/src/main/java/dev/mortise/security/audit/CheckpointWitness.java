package dev.mortise.security.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps checkpoints where those who can change the log cannot: another machine, write-once storage, a mailbox. Only
 * against these is it proven that nothing was cut off at the end. Called by one thread at a time; it may block.
 */
@FunctionalInterface
public interface CheckpointWitness {
    /** Nobody. Then the end of the log is not protected. */
    CheckpointWitness NONE = checkpoint -> {};

    /** @throws Exception if it was not kept; the next checkpoint covers more */
    void keep(SignedCheckpoint checkpoint) throws Exception;

    /** Appends lines to a file, and waits for the disk. Put it on a volume that the writers of the log only append to. */
    static CheckpointWitness file(Path file) {
        return checkpoint -> append(file, checkpoint.line() + "\n");
    }

    private static void append(Path file, String line) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
