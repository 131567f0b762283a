package dev.mortise.mcp;

import dev.mortise.mcp.client.CallCancelledException;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.QualifiedSkill;
import dev.mortise.mcp.client.QualifiedTool;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.schema.CallToolResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients of many servers, as one. Each server has a key; its tools are called {@code key__tool}, so that two servers may
 * have tools of the same name, and no server can pass its tool off as another's. A server that is dead or slow costs its
 * own tools and nothing else: it is left out, named in {@link #problems}, and tried again when it is next needed.
 *
 * <pre>{@code
 * try (McpClients servers = McpClients.builder()
 *         .add("docs", McpClient.http(URI.create("https://docs.example.com/mcp")))
 *         .add("files", McpClient.stdio("files-server"))
 *         .build()) {
 *     List<QualifiedTool> tools = servers.tools();
 *     CallToolResult result = servers.callTool("docs__search", Map.of("query", "mortise"));
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class McpClients implements AutoCloseable {
    /** Between the key of a server and the name of a tool. Model providers allow few characters beside letters. */
    public static final String SEPARATOR = "__";

    private static final Logger LOG = LoggerFactory.getLogger(McpClients.class);
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]|_(?!_))*(?<!_)");

    private final Map<String, McpClient> clients;
    private final Duration patience;
    private final Map<String, CompletableFuture<Void>> connecting = new ConcurrentHashMap<>();
    private final Map<String, McpException> problems = new ConcurrentHashMap<>();

    private McpClients(Builder settings) {
        Map<String, McpClient> built = new LinkedHashMap<>();
        settings.servers.forEach((key, builder) -> built.put(key, builder.build()));
        this.clients = Map.copyOf(built);
        this.patience = settings.patience;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * The tools of all servers that answer, sorted by their qualified names. The servers are asked at the same time, and
     * those that take longer than the {@code patience} are left out.
     */
    public List<QualifiedTool> tools() {
        List<QualifiedTool> tools = new ArrayList<>();
        ask(client -> client.tools().toList())
                .forEach((key, listed) ->
                        listed.forEach(tool -> tools.add(new QualifiedTool(key + SEPARATOR + tool.name(), key, tool))));
        tools.sort(Comparator.comparing(QualifiedTool::name));
        return List.copyOf(tools);
    }

    /**
     * The skills of all servers that answer, sorted by server and URI; as {@link #tools}. One is loaded by the client of
     * its server.
     */
    public List<QualifiedSkill> skills() {
        List<QualifiedSkill> skills = new ArrayList<>();
        ask(client -> client.skills().toList())
                .forEach((key, listed) -> listed.forEach(skill -> skills.add(new QualifiedSkill(key, skill))));
        skills.sort(Comparator.comparing(QualifiedSkill::server)
                .thenComparing(skill -> skill.skill().uri()));
        return List.copyOf(skills);
    }

    /**
     * Calls a tool by its qualified name.
     *
     * @throws IllegalArgumentException if there is no such server
     */
    public CallToolResult callTool(String qualifiedName, Object arguments) {
        return callTool(qualifiedName, arguments, CallOptions.DEFAULT);
    }

    public CallToolResult callTool(String qualifiedName, Object arguments, CallOptions options) {
        int end = qualifiedName.indexOf(SEPARATOR);
        if (end < 0) {
            throw new IllegalArgumentException(
                    "A tool is named server" + SEPARATOR + "tool here, not " + qualifiedName);
        }
        return client(qualifiedName.substring(0, end))
                .callTool(qualifiedName.substring(end + SEPARATOR.length()), arguments, options);
    }

    /**
     * The client of one server.
     *
     * @throws IllegalArgumentException if there is no such server
     */
    public McpClient client(String key) {
        McpClient client = clients.get(key);
        if (client == null) {
            throw new IllegalArgumentException("There is no server " + key + ", only " + clients.keySet());
        }
        return client;
    }

    /** The servers that did not answer when they were last asked together, and why. */
    public Map<String, McpException> problems() {
        return Map.copyOf(problems);
    }

    /**
     * Asks all servers the same thing at the same time, once they are connected. One that takes longer than the
     * {@code patience} to connect is left out, but its connection goes on coming about.
     *
     * @return what came back in time, by the key of the server
     */
    public <T> Map<String, T> ask(Function<McpClient, T> question) {
        Map<String, CompletableFuture<T>> asked = new LinkedHashMap<>();
        Map<String, Thread> threads = new LinkedHashMap<>();
        clients.forEach((key, client) -> {
            CompletableFuture<T> answer = new CompletableFuture<>();
            asked.put(key, answer);
            threads.put(key, Thread.ofVirtual().name("mortise-clients-" + key).start(() -> {
                try {
                    connect(key, client);
                    answer.complete(question.apply(client));
                } catch (Throwable e) {
                    answer.completeExceptionally(e);
                }
            }));
        });
        Map<String, T> answers = new LinkedHashMap<>();
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            for (Map.Entry<String, CompletableFuture<T>> entry : asked.entrySet()) {
                await(entry.getKey(), entry.getValue(), deadline, answers);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallCancelledException("Interrupted while asking several servers");
        } finally {
            threads.values().forEach(Thread::interrupt);
        }
        return answers;
    }

    /**
     * Waits until the client is connected, on a thread that nobody interrupts: whoever waits for the servers may lose
     * patience, but a user who is signing in, or a process that is slow to start, is not to begin again each time.
     */
    private void connect(String key, McpClient client) throws InterruptedException {
        CompletableFuture<Void> own = new CompletableFuture<>();
        CompletableFuture<Void> before = connecting.putIfAbsent(key, own);
        if (before == null) {
            Thread.ofVirtual().name("mortise-clients-connect-" + key).start(() -> {
                try {
                    client.server();
                    connecting.remove(key);
                    own.complete(null);
                } catch (Throwable e) {
                    connecting.remove(key);
                    own.completeExceptionally(e);
                }
            });
        }
        try {
            (before == null ? own : before).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        }
    }

    private <T> void await(String key, CompletableFuture<T> answer, long deadline, Map<String, T> answers)
            throws InterruptedException {
        try {
            answers.put(key, answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
            problems.remove(key);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof McpException problem)) {
                throw new IllegalStateException("Asking " + key + " failed", e.getCause());
            }
            report(key, problem);
        } catch (TimeoutException e) {
            String what = connecting.containsKey(key)
                    ? " is not connected after " + patience + "; the attempt goes on"
                    : " did not answer within " + patience;
            report(key, new TransportException(key + what, e));
        }
    }

    private void report(String key, McpException problem) {
        problems.put(key, problem);
        LOG.warn("{} is left out: {}", key, problem.getMessage());
    }

    /** Closes all clients, at the same time. */
    @Override
    public void close() {
        List<Thread> closing = clients.values().stream()
                .map(client -> Thread.ofVirtual().name("mortise-clients-close").start(client::close))
                .toList();
        try {
            for (Thread thread : closing) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The servers. Not thread-safe. */
    public static final class Builder {
        private final Map<String, McpClientBuilder> servers = new LinkedHashMap<>();
        private Duration patience = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * Adds a server; it is not connected to before it is needed.
         *
         * @param key letters, digits, {@code -}, and single {@code _} between them
         */
        public Builder add(String key, McpClientBuilder client) {
            if (!KEY.matcher(key).matches()) {
                throw new IllegalArgumentException(
                        "The key of a server has letters, digits, '-' and single '_', not: " + key);
            }
            if (servers.putIfAbsent(key, client) != null) {
                throw new IllegalArgumentException("There is a server " + key + " already");
            }
            return this;
        }

        /** How long the slowest server is waited for when all are asked; 10 seconds unless set. */
        public Builder patience(Duration limit) {
            this.patience = limit;
            return this;
        }

        public McpClients build() {
            return new McpClients(this);
        }
    }
}
