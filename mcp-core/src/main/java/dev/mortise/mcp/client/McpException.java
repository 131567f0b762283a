package dev.mortise.mcp.client;

import org.jspecify.annotations.Nullable;

/**
 * Why a client could not do what it was asked to do. The subtypes say who has to act: the caller, the server's
 * operator, or the network's. A tool that ran and failed is no exception but a result with {@code isError}, except
 * where a typed value was asked for ({@link ToolFailedException}).
 *
 * <p>Messages may quote what a server sent, shortened and on one line; treat them as untrusted text.
 */
public abstract sealed class McpException extends RuntimeException
        permits RpcException,
                TransportException,
                CallTimeoutException,
                CallCancelledException,
                AuthorizationRequiredException,
                ProtocolViolationException,
                SkillRejectedException,
                UrlElicitationRequiredException,
                ToolFailedException,
                HandlerFailedException {
    private static final long serialVersionUID = 1L;

    McpException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
