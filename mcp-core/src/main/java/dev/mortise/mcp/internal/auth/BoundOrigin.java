package dev.mortise.mcp.internal.auth;

import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The origin that a credential is for: that of the first request, and no other after it. Thread-safe. */
public final class BoundOrigin {
    private final AtomicReference<@Nullable URI> server = new AtomicReference<>();

    /** Whether the credential may be sent there. Binds it at the first call. */
    public boolean covers(URI target) {
        URI bound = server.updateAndGet(known -> known != null ? known : Uris.withoutQuery(target));
        return bound != null && Uris.sameOrigin(bound, target);
    }

    /** The URI that it was bound with, without query and fragment. */
    public @Nullable URI server() {
        return server.get();
    }
}
