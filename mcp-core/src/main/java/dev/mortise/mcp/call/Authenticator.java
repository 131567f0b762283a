package dev.mortise.mcp.call;

import dev.mortise.mcp.transport.Origin;

/**
 * Decides on the head of a request who the caller is, before a byte of the body is read. Called once for every
 * message, from many threads; it may block. If it throws, the request is refused (it fails closed).
 */
@FunctionalInterface
public interface Authenticator {
    Admission authenticate(Origin origin);

    /** The answer to «who is this?». */
    sealed interface Admission {
        record Admitted(Caller caller) implements Admission {}

        record Rejected(Refusal refusal) implements Admission {}
    }

    static Admission admit(Caller caller) {
        return new Admission.Admitted(caller);
    }

    static Admission reject(Refusal refusal) {
        return new Admission.Rejected(refusal);
    }
}
