package dev.mortise.examples.production;

import dev.mortise.examples.production.backup.Backup;
import dev.mortise.examples.production.knowledge.Library;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.storage.DataFolder;
import dev.mortise.security.audit.AuditReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Copies the data folder while a server writes in it, and makes one of such a copy. */
final class BackupCommand {
    private BackupCommand() {}

    static int backup(Settings settings, List<String> args) throws IOException {
        Path target = onlyPath(args, "usage: backup FOLDER, which does not exist yet");
        requireFolder(settings);
        int files = Backup.make(DataFolder.open(settings.data()), target.toAbsolutePath(), Clock.systemUTC());
        System.out.println(
                target + " holds " + files + " files of one instant, and the secret of this server: keep it so");
        return 0;
    }

    /** @return 0 if what was restored is as it was written, 1 if not */
    static int restore(Settings settings, List<String> args) throws IOException {
        Path backup = onlyPath(args, "usage: restore FOLDER, into MORTISE_DATA, which is empty");
        requireFolder(settings);
        String madeAt = Backup.restore(backup, settings.data());
        try (Parts parts =
                Parts.open(settings, settings.resource(settings.number(Setting.PORT)), "restore", Library.Use.WORKS)) {
            parts.reconcile(Duration.ZERO);
            AuditReport report = parts.audit().verify();
            report.findings().forEach(System.out::println);
            System.out.println("restored as of " + madeAt + ", into " + settings.data() + ": " + report.records()
                    + " audit records, " + (report.isClean() ? "clean" : "NOT AS THEY WERE WRITTEN"));
            return report.isClean() ? 0 : 1;
        }
    }

    private static Path onlyPath(List<String> args, String usage) {
        if (args.size() != 1 || args.getFirst().startsWith("--")) {
            throw new IllegalArgumentException(usage);
        }
        return Path.of(args.getFirst());
    }

    private static void requireFolder(Settings settings) {
        if (settings.isReplicated()) {
            throw new IllegalArgumentException("DATABASE_URL is set: what is in PostgreSQL is backed up with pg_dump");
        }
    }
}
