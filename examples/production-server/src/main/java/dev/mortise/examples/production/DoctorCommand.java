package dev.mortise.examples.production;

import dev.mortise.examples.production.knowledge.Library;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.storage.DataFolder;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.store.Tenant;
import dev.mortise.security.audit.AuditReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Opens all that serving would, one after the other, and says what of it works. */
final class DoctorCommand {
    private static final int TRIES = 50;
    private static final long BETWEEN_TRIES_NANOS = 20_000_000;

    private boolean well = true;

    private DoctorCommand() {}

    /** @return 0 if everything works, 1 if not */
    static int run(Map<String, String> environment) throws IOException {
        Settings settings = Settings.of(environment);
        for (Setting setting : Setting.values()) {
            System.out.printf("%-28s %s%n", setting, settings.shown(setting));
        }
        Settings.unknown(environment)
                .forEach(name -> System.out.println("note: " + name + " is no setting of this server"));
        DoctorCommand doctor = new DoctorCommand();
        doctor.check("Java " + Runtime.version().feature(), () -> "");
        doctor.check("port", () -> port(settings));
        if (!settings.isReplicated() && DataFolder.isNew(settings.data())) {
            doctor.openElsewhere(environment, settings.data());
        } else {
            doctor.check("databases, keys, tools", () -> doctor.open(settings, settings.data()));
        }
        System.out.println(doctor.well ? "all is well" : "something is wrong");
        return doctor.well ? 0 : 1;
    }

    private static String port(Settings settings) throws IOException {
        try {
            WebServer.open(settings).stop();
            return "";
        } catch (IOException taken) {
            Optional<RunningServer> server = RunningServer.find(settings);
            if (server.isEmpty()) {
                throw taken;
            }
            return server.get().judge(settings);
        }
    }

    /** Whoever only looks leaves nothing behind: all is made in a folder that is removed, where nothing was yet. */
    private void openElsewhere(Map<String, String> environment, Path data) throws IOException {
        check("data folder", () -> {
            DataFolder.requirePossible(data);
            return data + " holds nothing yet: serve begins it";
        });
        Path folder = Files.createTempDirectory("mortise-doctor-");
        try {
            Map<String, String> moved = new HashMap<>(environment);
            moved.put(Setting.MORTISE_DATA.name(), folder.toString());
            check("databases, keys, tools", () -> open(Settings.of(moved), data));
        } finally {
            remove(folder);
        }
    }

    /** A look at the health that began before all was closed may write and remove a file there yet. */
    private static void remove(Path folder) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                DataFolder.remove(folder);
                return;
            } catch (NoSuchFileException | DirectoryNotEmptyException e) {
                if (tries == TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
            }
        }
    }

    /** @param data the folder that it is about, where it is one */
    private String open(Settings settings, Path data) throws IOException {
        // As a desktop client would: a server may have the index, and goes on with it.
        try (Parts parts =
                Parts.open(settings, settings.resource(settings.number(Setting.PORT)), "doctor", Library.Use.SHARES)) {
            try (McpServer server = Main.compose(settings, parts)) {
                inside(settings, parts);
                return server.tools().all().size() + " tools; data in "
                        + parts.stores().folder().map(folder -> data.toString()).orElse("PostgreSQL");
            }
        }
    }

    /** What is opened only when it is needed, or is somewhere else. */
    private void inside(Settings settings, Parts parts) {
        check(
                "documents",
                () -> parts.library().isElsewhere()
                        ? "open in another process of this server"
                        : parts.library().base().store().statistics(Tenant.NONE).documents() + " of the house, "
                                + parts.library()
                                        .base()
                                        .store()
                                        .vectors()
                                        .map(space -> "vectors of " + space.model())
                                        .orElse("found by words"));
        if (settings.find(Setting.EMBEDDINGS_URL).isPresent()) {
            check("EMBEDDINGS_URL", () -> parts.library().tryModel());
        }
        parts.stores()
                .redis()
                .ifPresent(redis -> check("REDIS_URL", () -> {
                    redis.publish(utf8("mortise:doctor"), utf8("ping"));
                    return "";
                }));
        check("accounts", () -> {
            int wrong = parts.accounting().ledger().verify().size();
            if (wrong > 0) {
                throw new IllegalStateException(wrong + " totals of the ledger are not what its entries say");
            }
            return parts.accounting().books().plans().list().size() + " plans; who has none set is on "
                    + settings.get(Setting.MORTISE_DEFAULT_PLAN);
        });
        check("audit log", () -> {
            AuditReport report = parts.audit().verify();
            if (!report.isClean()) {
                throw new IllegalStateException("it is not as it was written: run audit verify");
            }
            return report.records() + " records";
        });
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void check(String what, Callable<String> check) {
        try {
            String found = check.call();
            System.out.println("ok    " + what + (found.isEmpty() ? "" : ": " + found));
        } catch (IOException | StoreUnavailable | IllegalStateException e) {
            well = false;
            System.out.println("WRONG " + what + ": " + e.getMessage());
        } catch (Exception e) {
            throw new IllegalStateException(what + " cannot be checked", e);
        }
    }
}
