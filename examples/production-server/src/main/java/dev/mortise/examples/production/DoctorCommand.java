package dev.mortise.examples.production;

import dev.mortise.examples.production.knowledge.Library;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.store.StoreUnavailable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;

/** Opens all that serving would, one after the other, and says what of it works. */
final class DoctorCommand {
    private boolean well = true;

    private DoctorCommand() {}

    /** @return 0 if everything works, 1 if not */
    static int run(Map<String, String> environment) {
        Settings settings = Settings.of(environment);
        for (Setting setting : Setting.values()) {
            System.out.printf("%-28s %s%n", setting, settings.shown(setting));
        }
        Settings.unknown(environment)
                .forEach(name -> System.out.println("note: " + name + " is no setting of this server"));
        DoctorCommand doctor = new DoctorCommand();
        doctor.check("Java " + Runtime.version().feature(), () -> "");
        doctor.check("port", () -> {
            WebServer web = WebServer.open(settings);
            web.stop();
            return "";
        });
        doctor.check("databases, keys, tools", () -> open(settings));
        System.out.println(doctor.well ? "all is well" : "something is wrong");
        return doctor.well ? 0 : 1;
    }

    private static String open(Settings settings) throws IOException {
        try (Parts parts =
                Parts.open(settings, settings.resource(settings.number(Setting.PORT)), "doctor", Library.Use.SHARES)) {
            try (McpServer server = Main.compose(settings, parts)) {
                return server.tools().all().size() + " tools; data in "
                        + parts.stores()
                                .folder()
                                .map(folder -> folder.path().toString())
                                .orElse("PostgreSQL");
            }
        }
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
