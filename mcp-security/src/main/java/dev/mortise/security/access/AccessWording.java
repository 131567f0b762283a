package dev.mortise.security.access;

import dev.mortise.mcp.call.Call;

/**
 * What models and their users are told where a call takes an approval, or is one that came before; all else the core
 * tells, by its own {@link dev.mortise.mcp.call.Wording}. The words say what to do next, and nothing about who decides.
 * Implementations are thread-safe; ids of requests have to stand in the texts as they are.
 */
public interface AccessWording {
    static AccessWording english() {
        return EnglishAccessWording.INSTANCE;
    }

    /** Simplified Chinese. */
    static AccessWording chinese() {
        return ChineseAccessWording.INSTANCE;
    }

    /** What is meant unless something else is set: the words that ship, in the language of the server. */
    static AccessWording of(Call call) {
        return call.context().wording().language().of(english(), chinese());
    }

    /** It was asked for in a way in which nobody can approve it, such as within a list. */
    default String givenForUseOnly() {
        return "This takes an approval, which is given for its use only";
    }

    default String tooLongToApprove() {
        return "These arguments are too long to be approved";
    }

    default String tooManyOpen() {
        return "Too many of your requests wait for an approval";
    }

    default String usedUp() {
        return "The approval of this call is used up";
    }

    default String denied(String request) {
        return "The request " + request + " was denied";
    }

    default String takenBack(String request) {
        return "The approval " + request + " was taken back";
    }

    default String pending(String request) {
        return "This takes an approval. Request " + request
                + " waits for a decision; call again, with the same arguments, once it is approved";
    }

    default String declined() {
        return "The approval was declined";
    }

    /** Asks the user to open the page on which they decide. */
    default String question(Approval.Purpose purpose, String name) {
        return (purpose == Approval.Purpose.STEP_UP ? "Using " : "This call of ") + name
                + " takes an approval. Please sign in again to decide on it.";
    }

    /** A key has spent what it may spend in all, or a key that it was made of has. */
    default String keySpent() {
        return "This API key has spent what it may spend. Nothing was done; a new key, or another one, has to be used";
    }

    /** A call with an idempotency key came again while the first one runs. */
    default String stillRunning(long seconds) {
        return "The first call with this idempotency key is still running; try again in " + seconds + " s";
    }

    default String keyOfAnotherCall() {
        return "This idempotency key was used for another call: a call that is meant to happen needs a new one";
    }

    default String resultNotKept() {
        return "The first call with this idempotency key was carried out; its result was too large to be kept";
    }

    default String outcomeUnknown() {
        return "The first call with this idempotency key was begun, and it is not known whether it was carried out:"
                + " look before you call again, with a new key";
    }
}
