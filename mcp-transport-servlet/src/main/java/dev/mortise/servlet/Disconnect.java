package dev.mortise.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Passes on that the container noticed the end of a client. */
record Disconnect(ServletExchange exchange) implements AsyncListener {
    @Override
    public void onError(AsyncEvent event) {
        exchange.disconnected();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        exchange.disconnected();
    }

    /** Usually the echo of our own completion; otherwise the container took the request away. */
    @Override
    public void onComplete(AsyncEvent event) {
        exchange.disconnected();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
