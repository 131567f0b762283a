package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;

/** Holds every call to the server's policy. What is denied answers exactly like what does not exist. */
public final class PolicyGate implements Interceptor {
    private final Visibility visibility;

    public PolicyGate(Visibility visibility) {
        this.visibility = visibility;
    }

    @Override
    public Outcome intercept(Call call, Chain chain) {
        return switch (visibility.decide(call.caller(), call.target())) {
            case Decision.Allow allow -> chain.proceed(call);
            case Decision.Challenge challenge ->
                call.target().exists() ? new Outcome.Refused(challenge.refusal()) : notFound(call);
            case Decision.Deny deny -> notFound(call);
        };
    }

    private static Outcome notFound(Call call) {
        return new Outcome.Refused(
                new Refusal.NotFound(call.target().kind(), call.target().name()));
    }
}
