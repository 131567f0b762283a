package dev.mortise.examples.production;

import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Refuses paths that a proxy may take for others than the container does: {@code /console;x} is the console to a servlet
 * container (path parameters, RFC 3986, section 3.3), and not to a rule of a proxy for {@code /console}. So whatever stands
 * before this server, what it keeps from the internet stays kept. Every path that is served here is written without them.
 */
final class PlainPaths extends Handler.Wrapper {
    /** Parameters, encoded characters, empty segments, those of dots alone, and what is a slash to some. */
    private static final Pattern AMBIGUOUS = Pattern.compile("[;%\\\\]|//|/\\.\\.?(/|$)");

    PlainPaths(Handler wrapped) {
        super(wrapped);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (isPlain(request.getHttpURI().getPath())) {
            return super.handle(request, response, callback);
        }
        Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400, "Ambiguous path");
        return true;
    }

    /** @param path as it was sent, without the query; nothing where the target is none */
    static boolean isPlain(@Nullable String path) {
        return path == null || !AMBIGUOUS.matcher(path).find();
    }
}
