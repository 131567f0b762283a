package dev.mortise.benchmarks;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the call with Jackson, does its work and writes the same bytes as Mortise. Checks next to nothing. */
final class BareServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final JsonMapper MAPPER = JsonMapper.shared();

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        JsonNode call = MAPPER.readTree(request.getInputStream());
        JsonNode params = call.path("params");
        if (!call.path("method").asString("").equals("tools/call")
                || !params.path("name").asString("").equals(Workload.TOOL)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        JsonNode arguments = params.path("arguments");
        String text = Workload.text(
                arguments.path("product").asString(),
                arguments.path("quantity").asInt(),
                arguments.path("cents").asLong());
        byte[] reply = reply(call.path("id"), text);
        response.setContentType("application/json");
        response.setContentLength(reply.length);
        response.getOutputStream().write(reply);
    }

    private static byte[] reply(JsonNode id, String text) {
        try (ByteArrayBuilder out = new ByteArrayBuilder(512);
                JsonGenerator json = MAPPER.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringProperty("jsonrpc", "2.0");
            json.writeName("id");
            json.writeTree(id);
            json.writeObjectPropertyStart("result");
            json.writeStringProperty("resultType", "complete");
            json.writeArrayPropertyStart("content");
            json.writeStartObject();
            json.writeStringProperty("type", "text");
            json.writeStringProperty("text", text);
            json.writeEndObject();
            json.writeEndArray();
            json.writeObjectPropertyStart("_meta");
            json.writeObjectPropertyStart("io.modelcontextprotocol/serverInfo");
            json.writeStringProperty("name", Workload.SERVER);
            json.writeStringProperty("version", Workload.VERSION);
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
            json.flush();
            return out.toByteArray();
        }
    }
}
