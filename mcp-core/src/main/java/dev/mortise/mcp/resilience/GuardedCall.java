package dev.mortise.mcp.resilience;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.internal.dispatch.Attempt;
import dev.mortise.mcp.internal.dispatch.LiveCall;
import dev.mortise.mcp.internal.resilience.Circuit;
import dev.mortise.mcp.internal.resilience.Ended;
import dev.mortise.mcp.internal.resilience.Work;
import dev.mortise.mcp.schema.CallToolResult;

/** The rest of a call's way to its handler, as something that can be attempted. */
final class GuardedCall implements Work<Outcome> {
    private final Call call;
    private final Interceptor.Chain rest;
    private final Ticker ticker;
    private final boolean once;

    /** @param once whether there is only one attempt, which is never repeated */
    GuardedCall(Call call, Interceptor.Chain rest, Ticker ticker, boolean once) {
        this.call = call;
        this.rest = rest;
        this.ticker = ticker;
        this.once = once;
    }

    @Override
    public boolean isCancelled() {
        return call.cancellation().isCancelled();
    }

    @Override
    public void onCancel(Runnable action) {
        call.cancellation().onCancel(action);
    }

    @Override
    public Attempted<Outcome> attempt(boolean mute, boolean alone, long due) {
        // Another stage may have wrapped the call; then there is nothing to stop, and nothing to mute. And what happens
        // once, on the thread of the call, is the call.
        if (!(call instanceof LiveCall live) || (once && !alone)) {
            return new Through(call);
        }
        Attempt attempt = new Attempt(live, mute);
        if (due != Long.MAX_VALUE) {
            attempt.setOwn(Deadline.ATTRIBUTE, new Deadline(due, ticker));
        }
        return new Through(attempt);
    }

    private final class Through implements Attempted<Outcome> {
        private final Call passed;

        Through(Call passed) {
            this.passed = passed;
        }

        @Override
        public Ended<Outcome> run() {
            Outcome outcome = rest.proceed(passed);
            return new Ended.Value<>(outcome, verdict(outcome));
        }

        @Override
        public void stop() {
            if (passed instanceof Attempt attempt) {
                attempt.cancel();
            }
        }

        private Circuit.Verdict verdict(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Complete complete -> verdict(complete);
                case Outcome.InputRequired asked -> Circuit.Verdict.NEITHER;
                case Outcome.Extended extended -> Circuit.Verdict.SUCCESS;
                case Outcome.Refused refused -> verdict(refused.refusal());
            };
        }

        /** What a tool tells the model, of its arguments for example, says nothing of how the tool is. */
        private Circuit.Verdict verdict(Outcome.Complete complete) {
            if (passed instanceof LiveCall live && live.failure() != null) {
                return Circuit.Verdict.FAILURE;
            }
            return complete.result() instanceof CallToolResult result && result.isError()
                    ? Circuit.Verdict.NEITHER
                    : Circuit.Verdict.SUCCESS;
        }

        private static Circuit.Verdict verdict(Refusal refusal) {
            return refusal instanceof Refusal.DependencyUnavailable
                            || refusal instanceof Refusal.Overloaded
                            || refusal instanceof Refusal.TimedOut
                            || refusal instanceof Refusal.Internal
                    ? Circuit.Verdict.FAILURE
                    : Circuit.Verdict.NEITHER;
        }
    }
}
