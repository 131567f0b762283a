package dev.mortise.examples.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.sql.DataSource;
import org.sqlite.SQLiteDataSource;

/** Where the secured variant keeps its databases and keys of its own, which nobody else on the machine may read. */
record DataFolder(Path path) {
    /** @throws IOException if it cannot be made, or written to */
    static DataFolder open(Path path) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        if (!Files.exists(path)) {
            Files.createDirectory(path, onlyForOwner(path, "rwx------"));
        }
        return new DataFolder(path);
    }

    /** One writer each: the audit log commits often. */
    DataSource database(String name) {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + path.resolve(name + ".db"));
        return dataSource;
    }

    /** Makes a secret of 256 random bits, unless it is there. */
    void makeSecret(String name) throws IOException {
        if (!Files.exists(path.resolve(name))) {
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            write(name, secret);
        }
    }

    /** The key pair that signs the checkpoints of the audit log; the public half is what a verifier needs. */
    KeyPair auditKeys() throws IOException {
        try {
            if (!Files.exists(path.resolve("audit-key"))) {
                KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                write("audit-key.pub", keys.getPublic().getEncoded());
                write("audit-key", keys.getPrivate().getEncoded());
            }
            KeyFactory factory = KeyFactory.getInstance("Ed25519");
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(read("audit-key.pub"))),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(read("audit-key"))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(path.resolve("audit-key") + ": this is no key of an audit log", e);
        }
    }

    private byte[] read(String name) throws IOException {
        return Base64.getDecoder().decode(Files.readString(path.resolve(name)).strip());
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = path.resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(file, onlyForOwner(path, "rw-------"));
        Files.writeString(file, Base64.getEncoder().encodeToString(bytes) + "\n", StandardOpenOption.WRITE);
    }

    private static FileAttribute<?>[] onlyForOwner(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
