package dev.mortise.examples.production;

import dev.mortise.examples.production.knowledge.Library;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.security.audit.AuditReport;
import java.io.IOException;
import java.util.List;

/** Proves that the audit log is as it was written, also while the server runs. */
final class AuditCommand {
    private AuditCommand() {}

    /** @return 0 if it is, 1 if not */
    static int run(Settings settings, List<String> args) throws IOException {
        if (!args.equals(List.of("verify"))) {
            throw new IllegalArgumentException("usage: audit verify");
        }
        try (Parts parts =
                Parts.open(settings, settings.resource(settings.number(Setting.PORT)), "audit", Library.Use.SHARES)) {
            AuditReport report = parts.audit().verify();
            report.findings().forEach(System.out::println);
            System.out.println(
                    report.isClean()
                            ? "clean: " + report.records() + " records in "
                                    + report.streams().size() + " streams"
                            : "NOT AS IT WAS WRITTEN");
            return report.isClean() ? 0 : 1;
        }
    }
}
