package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.HttpAuthorization;
import dev.mortise.mcp.client.HttpEndpoint;
import dev.mortise.mcp.client.ServerEndpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which credential the requests of a client have, by its digest: what was answered to one credential must not be given to
 * whoever has another (specification, server: Caching, Cache Scope). Thread-safe.
 */
public final class CredentialInUse {
    private final @Nullable HttpEndpoint endpoint;
    private final Runnable onChange;
    private final ReentrantLock lock = new ReentrantLock();
    private byte @Nullable [] last;

    /** @param onChange run before a request with another credential than the last one's is sent */
    CredentialInUse(ServerEndpoint server, Runnable onChange) {
        this.endpoint = server instanceof HttpEndpoint http ? http : null;
        this.onChange = onChange;
    }

    /** A request with these fields is about to be sent. */
    public void sending(Map<String, String> fields) {
        byte[] digest = digest(fields);
        lock.lock();
        try {
            if (last != null && !MessageDigest.isEqual(last, digest)) {
                onChange.run();
            }
            last = digest;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a request would have the credential that the last one had. */
    boolean isUnchanged() {
        if (endpoint == null) {
            return true;
        }
        byte[] digest;
        try {
            digest = digest(endpoint.authorization()
                    .fields(new HttpAuthorization.Request("POST", withoutFragment(endpoint.uri()))));
        } catch (IOException e) {
            // The request that is sent now will say what is wrong.
            return false;
        }
        lock.lock();
        try {
            return MessageDigest.isEqual(last, digest);
        } finally {
            lock.unlock();
        }
    }

    private static URI withoutFragment(URI uri) {
        String text = uri.toString();
        int hash = text.indexOf('#');
        return hash < 0 ? uri : URI.create(text.substring(0, hash));
    }

    private static byte[] digest(Map<String, String> fields) {
        var sorted = new TreeMap<String, String>();
        fields.forEach((name, value) -> sorted.put(name.toLowerCase(Locale.ROOT), value));
        // The proof that a key is held is another one each time, and the token says whose key it is.
        sorted.remove("dpop");
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sorted.forEach((name, value) -> sha.update((name + ": " + value + "\n").getBytes(StandardCharsets.UTF_8)));
            return sha.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
