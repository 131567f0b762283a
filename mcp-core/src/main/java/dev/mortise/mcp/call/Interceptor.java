package dev.mortise.mcp.call;

/**
 * Stands around the handling of every call, at one {@link Stage}. It either proceeds and returns what came of it,
 * perhaps changed, or answers by itself. To do neither, or to proceed twice outside {@link Stage#PROTECT}, is an
 * error that is reported as such. Called from many threads.
 */
@FunctionalInterface
public interface Interceptor {
    Outcome intercept(Call call, Chain chain);

    /** The rest of the way to the handler. */
    @FunctionalInterface
    interface Chain {
        Outcome proceed(Call call);
    }
}
