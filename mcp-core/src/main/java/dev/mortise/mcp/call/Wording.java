package dev.mortise.mcp.call;

import java.time.Duration;
import java.util.List;

/**
 * In which words a server tells people and models that it does not do something. Give it to {@code
 * McpServerBuilder.wording}; extensions with words of their own follow its {@link #language}. To say one thing in
 * another way, override one method.
 *
 * <p>What a client's developer did wrong (a malformed message, a header that does not match, a method or revision that
 * does not exist) is not here: it is told in English in every language, as are the reasons in {@code
 * WWW-Authenticate}, which are ASCII (RFC 6750 section 3). Names in arguments come from the peer and are shortened.
 * Implementations are thread-safe; one that throws is replaced by the English words. What is denied and what does not
 * exist come here as the same, and cannot be told apart.
 */
public interface Wording {
    /** What is meant unless something else is set. */
    static Wording english() {
        return EnglishWording.INSTANCE;
    }

    /** Simplified Chinese. */
    static Wording chinese() {
        return ChineseWording.INSTANCE;
    }

    static Wording in(Language language) {
        return language.of(english(), chinese());
    }

    default Language language() {
        return Language.ENGLISH;
    }

    /** @param reason what is wrong with the credential, in English, as {@code error_description} has it */
    default String unauthenticated(String reason) {
        return reason;
    }

    /** @param scopes all that it takes, sorted */
    default String missingScope(List<String> scopes) {
        return "This takes the scopes " + String.join(" ", scopes);
    }

    /** @param seconds whole, rounded up */
    default String rateLimited(long seconds) {
        return "Too many requests; try again in " + seconds + " s";
    }

    default String overloaded() {
        return "The server is overloaded or shutting down";
    }

    /** @param dependency a public name, never an address */
    default String unavailable(String dependency) {
        return dependency + " is unavailable";
    }

    default String timedOut(Duration after) {
        return "Timed out after " + after.toMillis() + " ms";
    }

    default String unknownTool(String name) {
        return "Unknown tool: " + name;
    }

    default String unknownPrompt(String name) {
        return "Unknown prompt: " + name;
    }

    default String unknownResource() {
        return "Resource not found";
    }

    default String unknownResourceTemplate() {
        return "Unknown resource template";
    }

    default String notFound() {
        return "Not found";
    }

    /** @param names of the capabilities, as the protocol has them */
    default String missingCapability(List<String> names) {
        return "This call needs a capability that the client did not declare, or cannot use here: "
                + String.join(", ", names);
    }

    /** To clients of revision 2025-11-25 that cannot be asked just now. */
    default String pageToOpenFirst() {
        return "The user has to open a page first";
    }

    /** The state of a call that asked its user something is too old, or not one of this call. */
    default String invalidState() {
        return "requestState is not valid for this request";
    }

    /** A call asks for more answers to be remembered than can travel through the client. */
    default String tooMuchToRemember() {
        return "This call has to remember more than it can";
    }

    default String ended() {
        return "The server has ended this call";
    }

    default String internalError() {
        return "Internal error";
    }

    /**
     * The handler of a tool broke.
     *
     * @param reference what its operator finds it in the log by
     */
    default String toolFailed(String tool, String reference) {
        return "The tool " + tool + " failed unexpectedly. Reference for its operator: " + reference;
    }

    /** Stands before the violations of a tool's schema, one a line, in English. */
    default String invalidArguments() {
        return "Invalid arguments:";
    }

    /** A legacy client was asked something, and said nothing. */
    default String unanswered() {
        return "The client did not answer in time";
    }

    /**
     * A legacy client was asked something, and failed.
     *
     * @param method by which it was asked
     * @param reason what it said about that
     */
    default String notAnswered(String method, String reason) {
        return "The client could not answer " + method + ": " + reason;
    }
}
