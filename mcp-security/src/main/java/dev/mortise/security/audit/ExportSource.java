package dev.mortise.security.audit;

import dev.mortise.mcp.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** A file of JSON lines. */
final class ExportSource implements AuditSource {
    private final Path file;

    ExportSource(Path file) {
        this.file = file;
    }

    @Override
    public void read(Visitor visitor) throws IOException {
        long number = 0;
        long records = 0;
        long said = -1;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                try {
                    // Byte by byte: what is no UTF-8 is one bad line, and not the end of the file.
                    JsonNode json = Json.read(line.getBytes(StandardCharsets.ISO_8859_1));
                    switch (json.path("type").asString("")) {
                        case "stream" -> visitor.stream(ExportLine.stream(json));
                        case "checkpoint" -> visitor.checkpoint(SignedCheckpoint.parse(json));
                        case "record" -> {
                            records++;
                            visitor.record(ExportLine.record(json));
                        }
                        case "end" -> said = json.path("records").longValue(-1);
                        default -> throw new IllegalArgumentException("A line is of no known type");
                    }
                } catch (Json.InvalidJson | IllegalArgumentException e) {
                    visitor.problem(new AuditFinding(
                            AuditFinding.Kind.MALFORMED, null, 0, 0, "line " + number + ": " + e.getMessage()));
                }
            }
        }
        if (said != records) {
            visitor.problem(new AuditFinding(
                    AuditFinding.Kind.INCOMPLETE,
                    null,
                    0,
                    0,
                    said < 0
                            ? "the last line is missing, which says how many records there are"
                            : "there were " + said + " records, and now there are " + records));
        }
    }
}
