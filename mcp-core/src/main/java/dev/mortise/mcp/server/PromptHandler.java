package dev.mortise.mcp.server;

/**
 * Makes the messages of a prompt. Blocking is fine: it runs on a virtual thread. What it throws is logged; the
 * client only learns that the prompt failed.
 */
@FunctionalInterface
public interface PromptHandler {
    PromptOutcome handle(PromptCall call) throws Exception;
}
