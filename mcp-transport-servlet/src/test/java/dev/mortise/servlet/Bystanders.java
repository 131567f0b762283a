package dev.mortise.servlet;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Well-behaved clients that go on asking, and check that every answer is their own. */
final class Bystanders implements AutoCloseable {
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger served = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Bystanders(int port, int count) {
        for (int i = 0; i < count; i++) {
            String name = "bystander-" + i + "-";
            threads.add(Thread.ofVirtual().start(() -> ask(port, name)));
        }
    }

    private void ask(int port, String name) {
        for (int i = 0; !stopped; i++) {
            // A few requests on each connection.
            try (Wire wire = new Wire(port)) {
                for (int j = 0; j < 5; j++) {
                    String text = name + i + "-" + j;
                    Wire.Response response = wire.send(Wire.post("/mcp", text)).receive();
                    if (response.status() != 200 || !response.body().equals(Endpoint.json(text))) {
                        wrong.add(text + " was answered by " + response);
                    }
                    served.incrementAndGet();
                }
            } catch (Exception e) {
                wrong.add(name + i + " met " + e);
            }
        }
    }

    /** Stops asking; what was wrong so far. */
    List<String> wrongAnswers() throws InterruptedException {
        close();
        return List.copyOf(wrong);
    }

    int served() {
        return served.get();
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
