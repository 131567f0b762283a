package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.resilience.Unavailable;
import dev.mortise.mcp.store.StoreUnavailable;
import java.util.function.Function;

/** Runs the code of authors: interruptible while it runs, and whatever it throws stays inside. */
final class Handling {
    private Handling() {}

    /** The author's code. */
    @FunctionalInterface
    interface Body {
        Outcome run() throws Exception;
    }

    /** @param failed makes the outcome for a peer that only learns a reference */
    static Outcome run(LiveCall call, Body body, Function<String, Outcome> failed) {
        call.cancelling().enter();
        try {
            return body.run();
        } catch (Question.MalformedAnswer e) {
            return new Outcome.Refused(Refusal.InvalidParams.of("An input response is malformed: " + e.reason()));
        } catch (Unavailable e) {
            call.failed(e);
            return new Outcome.Refused(e.refusal());
        } catch (StoreUnavailable e) {
            return new Outcome.Refused(
                    Incident.refusal(call.method() + " " + call.target().name() + " failed", e));
        } catch (Exception | AssertionError | LinkageError e) {
            if (call.cancellation().isCancelled()) {
                return new Outcome.Refused(new Refusal.Cancelled());
            }
            call.failed(e);
            String reference = Incident.log(call.method() + " " + call.target().name() + " failed", e);
            call.set(Incident.REFERENCE, reference);
            return failed.apply(reference);
        } finally {
            call.cancelling().exit();
        }
    }
}
