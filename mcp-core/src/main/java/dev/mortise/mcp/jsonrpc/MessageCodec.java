package dev.mortise.mcp.jsonrpc;

/** placeholder */
public final class MessageCodec {
    private MessageCodec() {}
}
