package dev.mortise.mcp.transport;

import dev.mortise.mcp.jsonrpc.Message;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** A server process whose tools behave badly. */
public final class StrayPrints {
    private StrayPrints() {}

    public static void main(String[] args) {
        StdioTransport.run(StrayPrints::handle);
        System.err.println("run has returned");
        if (args.length > 0) {
            System.out.println(args[0]);
        }
    }

    private static void handle(Exchange exchange) {
        Message.Request request = Stub.request(exchange);
        switch (request.method()) {
            case "prints" -> {
                System.out.println("a stray line");
                System.out.print("a stray piece");
                System.out.flush();
                Stub.echo(exchange);
            }
            case "reads" -> {
                try {
                    exchange.reply(Reply.of(Stub.named(request.id(), "read " + System.in.read())));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
            case "hangs" -> {
                exchange.offer(Stub.progress(request.id(), 1));
                Stub.await(new CountDownLatch(1));
            }
            case "second run" -> {
                try {
                    StdioTransport.run(StrayPrints::handle);
                } catch (IllegalStateException e) {
                    exchange.reply(Reply.of(Stub.named(request.id(), "refused")));
                }
            }
            default -> Stub.echo(exchange);
        }
    }
}
