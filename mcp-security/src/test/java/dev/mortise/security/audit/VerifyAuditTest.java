package dev.mortise.security.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verifier as an auditor runs it, and what is done to the file before that. */
class VerifyAuditTest {
    @TempDir
    Path directory;

    private Path keyFile;
    private Path witness;
    private Path export;
    private List<String> lines;

    @BeforeEach
    void export() throws Exception {
        KeyPair keys = Events.keys();
        keyFile = directory.resolve("keys.txt");
        witness = directory.resolve("witness.jsonl");
        export = directory.resolve("export.jsonl");
        Files.writeString(keyFile, "# of the audit log\n" + CheckpointKeys.line(keys.getPublic()) + "\n");
        try (AuditLog log = AuditHome.sqlite(directory)
                .log(CheckpointSigner.of(keys))
                .witness(CheckpointWitness.file(witness))
                .migrate()) {
            for (int i = 2; i <= 10; i++) {
                log.record(Events.event("alice", "acme", "tool-" + i));
            }
            log.checkpoint();
            try (OutputStream out = Files.newOutputStream(export)) {
                log.reader().export(out);
            }
        }
        // The log had one more record when it closed, of which the export knows nothing.
        List<String> checkpoints = Files.readAllLines(witness);
        Files.write(witness, checkpoints.subList(0, 2));
        lines = new ArrayList<>(Files.readAllLines(export));
    }

    private String run(int status, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertThat(VerifyAudit.run(List.of(args), print, print))
                .as(() -> out.toString(StandardCharsets.UTF_8))
                .isEqualTo(status);
        return out.toString(StandardCharsets.UTF_8);
    }

    private String verify(int status) throws Exception {
        Files.write(export, lines);
        return run(status, "--keys", keyFile.toString(), "--checkpoints", witness.toString(), export.toString());
    }

    private int line(int sequence) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains("\"sequence\":" + sequence + ",")
                    && lines.get(i).contains("\"type\":\"record\"")) {
                return i;
            }
        }
        throw new AssertionError("no record " + sequence);
    }

    @Test
    void cleanIsCleanWhateverTheWhiteSpace() throws Exception {
        assertThat(verify(0)).contains("clean: 10 records", "records 1 to 10 (10), vouched for up to 10");
        lines.replaceAll(line -> line.replace(",\"", " , \""));
        assertThat(verify(0)).contains("clean: 10 records");
    }

    @Test
    void edited() throws Exception {
        lines.set(line(5), lines.get(line(5)).replace("granted", "missing-scope"));
        assertThat(verify(1)).contains("EDITED", "record 5:");
    }

    @Test
    void deleted() throws Exception {
        lines.remove(line(5));
        assertThat(verify(1)).contains("DELETED", "record 5:", "INCOMPLETE");
    }

    @Test
    void inserted() throws Exception {
        lines.add(line(5), lines.get(line(5)));
        assertThat(verify(1)).contains("INSERTED", "record 5:");
    }

    @Test
    void reordered() throws Exception {
        int at = line(5);
        lines.add(at, lines.remove(at + 1));
        assertThat(verify(1)).contains("REORDERED", "record 5:").doesNotContain("DELETED", "INSERTED", "EDITED");
    }

    @Test
    void truncated() throws Exception {
        lines.remove(line(10));
        lines.remove(line(9));
        lines.removeIf(line -> line.contains("\"type\":\"end\"")
                || line.contains("\"sequence\":10,")
                || line.contains("\"type\":\"stream\""));
        lines.add("{\"records\":8,\"type\":\"end\"}");
        assertThat(verify(1)).contains("TRUNCATED", "records 9 to 10:").doesNotContain("INCOMPLETE");
        assertThat(run(0, "--keys", keyFile.toString(), export.toString()))
                .as("without the external checkpoint nobody can know")
                .contains("clean");
    }

    @Test
    void whoDoesNotKnowHowIsTold() throws Exception {
        assertThat(run(2)).contains("usage: VerifyAudit --keys FILE");
        assertThat(run(2, "--keys", directory.resolve("none").toString(), export.toString()))
                .contains("Not verified");
        Files.writeString(keyFile, "no key\n");
        assertThat(run(2, "--keys", keyFile.toString(), export.toString())).contains("Line 1 of");
    }
}
