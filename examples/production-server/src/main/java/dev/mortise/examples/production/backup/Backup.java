package dev.mortise.examples.production.backup;

import dev.mortise.examples.production.knowledge.Library;
import dev.mortise.examples.production.storage.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** Copies of a data folder, made while a server writes in it, all of one instant; and a data folder made of one. */
public final class Backup {
    private static final List<String> BESIDES = List.of("secret", "checkpoints.jsonl");

    private Backup() {}

    /**
     * Copies a data folder.
     *
     * @param target which does not exist yet; it is there when it is whole, and not before
     * @return how many files it has
     */
    public static int make(DataFolder data, Path target, Clock clock) throws IOException {
        if (Files.exists(target)) {
            throw new IOException(target + " exists already: name another folder for the backup");
        }
        Path parent = target.toAbsolutePath().getParent();
        Files.createDirectories(parent);
        // On the disk of the index, where its files can get a second name.
        Path names = Files.createTempDirectory(data.path(), ".backup-");
        DataFolder whole = DataFolder.open(Files.createTempDirectory(parent, ".backup-"));
        try {
            List<Path> databases = databases(data.path());
            boolean[] indexed = new boolean[1];
            try (Snapshot snapshot = Snapshot.of(databases, () -> {
                for (String name : BESIDES) {
                    if (Files.exists(data.path().resolve(name))) {
                        copy(data.path().resolve(name), whole, name);
                    }
                }
                Path index = data.path().resolve(Library.INDEX);
                indexed[0] = Files.isDirectory(index) && IndexCommit.link(index, names);
            })) {
                for (Path database : databases) {
                    String name = database.getFileName().toString();
                    snapshot.copy(database, whole.file(name));
                }
            }
            if (indexed[0]) {
                DataFolder index = new DataFolder(whole.folder(Library.INDEX));
                for (Path file : list(names)) {
                    copy(file, index, file.getFileName().toString());
                }
            }
            Manifest manifest = Manifest.of(whole.path(), clock.instant().toString());
            manifest.write(whole);
            Files.move(whole.path(), target);
            return manifest.files().size();
        } finally {
            DataFolder.remove(names);
            DataFolder.remove(whole.path());
        }
    }

    /**
     * Makes a data folder of a backup.
     *
     * @param data which is empty, or does not exist yet
     * @return when the backup was made
     */
    public static String restore(Path backup, Path data) throws IOException {
        if (Files.exists(data) && !list(data).isEmpty()) {
            throw new IOException(
                    "MORTISE_DATA is " + data + ", which is not empty: a backup is restored into a new folder");
        }
        Manifest manifest = Manifest.read(backup.toAbsolutePath().normalize());
        DataFolder folder = DataFolder.open(data);
        for (String name : manifest.files().keySet()) {
            Path file = Path.of(name);
            Path parent = file.getParent();
            DataFolder into = parent == null ? folder : new DataFolder(folder.folder(parent.toString()));
            copy(backup.resolve(name), into, file.getFileName().toString());
        }
        for (Path database : databases(data)) {
            Snapshot.check(database);
        }
        return manifest.madeAt();
    }

    private static List<Path> databases(Path folder) throws IOException {
        return list(folder).stream()
                .filter(file -> file.toString().endsWith(".db"))
                .toList();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** For the owner alone, wherever it goes. */
    private static void copy(Path file, DataFolder into, String name) throws IOException {
        try (var out = Files.newOutputStream(into.file(name))) {
            Files.copy(file, out);
        }
    }
}
