package dev.mortise.mcp.http;

import dev.mortise.mcp.transport.HttpHead;
import java.io.IOException;
import java.io.InputStream;

/** One HTTP request as its container sees it. Implemented by the adapter of a container; used by one thread. */
public interface HttpRequest {
    /** The head. It stays readable after the request has ended, because a handler may outlive its client. */
    HttpHead head();

    /** The announced length of the body in bytes; −1 where it is not known, 0 where there is none. */
    long contentLength();

    /** The body, blocking. Asking for it may invite the client to send it ({@code 100 Continue}). */
    InputStream body() throws IOException;

    /**
     * Registers what is to run when the container learns that the client is gone. Called at most once; the action may
     * run more than once, and does nothing after the reply. A container that cannot tell never runs it: then the
     * failing write of a heartbeat tells.
     */
    void onDisconnect(Runnable action);
}
