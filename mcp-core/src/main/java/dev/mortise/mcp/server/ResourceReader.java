package dev.mortise.mcp.server;

/**
 * Reads a resource. Blocking is fine: it runs on a virtual thread. What it throws is logged; the client only learns
 * that reading failed.
 */
@FunctionalInterface
public interface ResourceReader {
    ResourceOutcome read(ResourceCall call) throws Exception;
}
