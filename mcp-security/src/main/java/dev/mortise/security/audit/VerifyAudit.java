package dev.mortise.security.audit;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verifies an export from the command line:
 *
 * <pre>{@code
 * java -cp 'lib/*' dev.mortise.security.audit.VerifyAudit --keys keys.txt [--checkpoints witness.jsonl] export.jsonl
 * }</pre>
 *
 * <p>It ends with 0 if all is as it was written, with 1 and a line for each finding if not, with 2 if it could not be
 * verified.
 */
public final class VerifyAudit {
    private static final String USAGE = """
            usage: VerifyAudit --keys FILE [--checkpoints FILE]... EXPORT
              --keys         public keys that are trusted, base64 of X.509, one a line
              --checkpoints  checkpoints that were kept elsewhere: what finds a log that was cut off
            """;

    private VerifyAudit() {}

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    static int run(List<String> args, PrintStream out, PrintStream err) {
        @Nullable Path keys = null;
        @Nullable Path export = null;
        List<Path> checkpoints = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            boolean followed = i + 1 < args.size();
            if (arg.equals("--keys") && followed) {
                keys = Path.of(args.get(++i));
            } else if (arg.equals("--checkpoints") && followed) {
                checkpoints.add(Path.of(args.get(++i)));
            } else if (!arg.startsWith("--") && export == null) {
                export = Path.of(arg);
            } else {
                keys = null;
                break;
            }
        }
        if (keys == null || export == null) {
            err.print(USAGE);
            return 2;
        }
        try {
            List<SignedCheckpoint> external = new ArrayList<>();
            for (Path file : checkpoints) {
                for (String line : Files.readAllLines(file)) {
                    if (!line.isBlank()) {
                        external.add(SignedCheckpoint.parse(line));
                    }
                }
            }
            return print(new AuditVerifier(CheckpointKeys.read(keys), external).verify(export), out);
        } catch (IOException | IllegalArgumentException e) {
            err.println("Not verified: " + e.getMessage());
            return 2;
        }
    }

    private static int print(AuditReport report, PrintStream out) {
        for (AuditReport.Stream stream : report.streams()) {
            out.printf(
                    "stream %s %s: records %d to %d (%d), vouched for up to %d, %s%n",
                    stream.id(),
                    stream.writer(),
                    stream.first(),
                    stream.last(),
                    stream.records(),
                    stream.covered(),
                    stream.state().isEmpty() ? "not listed" : stream.state());
        }
        report.findings().forEach(out::println);
        out.println(report.isClean() ? "clean: " + report.records() + " records" : "NOT AS IT WAS WRITTEN");
        return report.isClean() ? 0 : 1;
    }
}
