package dev.mortise.mcp.internal.auth;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A file that only its owner reads, and that is at every moment whole: the old one or the new one. */
record PrivateFile(Path path) {
    private static final int MAX_BYTES = 16 * 1024 * 1024;
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /** The content, if there is a file. */
    Optional<byte[]> read() throws IOException {
        try {
            requirePrivate();
            try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new IOException(path + " has more than " + MAX_BYTES + " bytes");
                }
                return Optional.of(bytes);
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Replaces the content. Call it under a lock: it takes away what writers that died have left. */
    void replace(ByteBuffer content) throws IOException {
        if (content.remaining() > MAX_BYTES) {
            throw new IOException("There are more tokens than " + MAX_BYTES + " bytes hold");
        }
        removeRemains();
        Path next = path.resolveSibling(temporaryPrefix() + UUID.randomUUID());
        try {
            createPrivate(next);
            try (FileChannel out = FileChannel.open(next, StandardOpenOption.WRITE)) {
                while (content.hasRemaining()) {
                    out.write(content);
                }
                out.force(true);
            }
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncDirectory();
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("The file system of " + path + " cannot replace a file in one step", e);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private void requirePrivate() throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return;
        }
        if (!view.readAttributes().isRegularFile()) {
            throw new IOException(path + " is no ordinary file");
        }
        if (!OWNER.containsAll(view.readAttributes().permissions())) {
            throw new IOException(path + " may be used by others than its owner; make that right with: chmod 600");
        }
    }

    /** With its permissions from the first moment on. */
    private static void createPrivate(Path file) throws IOException {
        FileStore store = Files.getFileStore(file.getParent());
        if (store.supportsFileAttributeView(PosixFileAttributeView.class)) {
            FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER);
            Files.createFile(file, ownerOnly);
            return;
        }
        Files.createFile(file);
        AclFileAttributeView acl = Files.getFileAttributeView(file, AclFileAttributeView.class);
        if (acl != null) {
            acl.setAcl(List.of(AclEntry.newBuilder()
                    .setType(AclEntryType.ALLOW)
                    .setPrincipal(acl.getOwner())
                    .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                    .build()));
        }
    }

    private void removeRemains() throws IOException {
        String prefix = temporaryPrefix();
        try (DirectoryStream<Path> remains = Files.newDirectoryStream(
                path.resolveSibling("."), each -> each.getFileName().toString().startsWith(prefix))) {
            for (Path each : remains) {
                Files.deleteIfExists(each);
            }
        }
    }

    private String temporaryPrefix() {
        return path.getFileName() + ".new-";
    }

    /** So that the new name survives a loss of power. Not every system lets a directory be opened. */
    private void syncDirectory() {
        try (FileChannel directory = FileChannel.open(path.resolveSibling("."), StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException e) {
            // Windows: there the move itself is in the journal.
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
