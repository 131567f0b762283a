package dev.mortise.mcp.client;

import dev.mortise.mcp.internal.auth.BoundOrigin;
import dev.mortise.mcp.internal.auth.Tokens;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** See {@link HttpAuthorization#bearer}. */
final class BearerAuthorization implements HttpAuthorization {
    private static final int UNAUTHORIZED = 401;

    private final Supplier<String> token;
    private final BoundOrigin origin = new BoundOrigin();

    BearerAuthorization(Supplier<String> token) {
        this.token = token;
    }

    @Override
    public Map<String, String> fields(Request request) throws IOException {
        return origin.covers(request.target()) ? field() : Map.of();
    }

    @Override
    public Verdict answered(
            Request request, Map<String, String> sent, int status, Function<String, List<String>> fields)
            throws IOException {
        boolean another = status == UNAUTHORIZED && !sent.isEmpty() && !sent.equals(field());
        return another ? Verdict.SEND_AGAIN : Verdict.ACCEPT;
    }

    private Map<String, String> field() throws IOException {
        String current = token.get();
        if (!Tokens.isSendable(current)) {
            throw new IOException(
                    "The bearer token given for this server is empty or has characters that no token has");
        }
        return Map.of("Authorization", "Bearer " + current);
    }

    @Override
    public String toString() {
        return "BearerAuthorization";
    }
}
