package dev.mortise.examples.production;

import dev.mortise.mcp.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What is answered where nothing of this server answers, such as at a path that it does not have: small JSON, like its
 * other refusals, and not a page that says which web server of which version this is, and what went wrong in it.
 */
final class ErrorAnswers extends ErrorHandler {
    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(body(code)), callback);
    }

    private static byte[] body(int code) {
        return Json.object()
                .put("status", code)
                .put("error", HttpStatus.getMessage(code))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}
