package dev.mortise.mcp.internal.client.era;

import dev.mortise.mcp.client.HttpEndpoint;
import dev.mortise.mcp.client.KnownEras.Verdict;
import dev.mortise.mcp.client.LocalServer;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.client.ServerCommand;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.internal.client.Connection;
import dev.mortise.mcp.internal.client.CredentialInUse;
import dev.mortise.mcp.internal.client.Inbox;
import dev.mortise.mcp.internal.client.Link;
import dev.mortise.mcp.internal.client.LocalLink;
import dev.mortise.mcp.internal.client.Patience;
import dev.mortise.mcp.internal.client.ServerRequests;
import dev.mortise.mcp.internal.client.Settings;
import dev.mortise.mcp.internal.client.http.HttpLimits;
import dev.mortise.mcp.internal.client.http.HttpSender;
import dev.mortise.mcp.internal.client.http.LegacyHttpLink;
import dev.mortise.mcp.internal.client.http.ModernHttpLink;
import dev.mortise.mcp.internal.client.http.SseLink;
import dev.mortise.mcp.internal.client.process.ProcessLink;
import dev.mortise.mcp.jsonrpc.Message;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens sessions with one server, in the best revision that both ends speak: modern first, then the handshake, then, over
 * HTTP, the transport of 2024-11-05. What was found out is remembered.
 */
public final class Dialler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dialler.class);
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    /** Statuses with which a server says that it has no such endpoint (Streamable HTTP: Backward Compatibility). */
    private static final Set<Integer> NOT_STREAMABLE = Set.of(400, 404, 405);

    private final Settings settings;
    private final Consumer<Message.Notification> notifications;
    private final Revisions revisions;
    private final AtomicLong ids = new AtomicLong();
    private final @Nullable HttpSender http;

    public Dialler(Settings settings, Consumer<Message.Notification> notifications, CredentialInUse credential) {
        this.settings = settings;
        this.notifications = notifications;
        this.revisions = new Revisions(settings.versions());
        this.http = settings.endpoint() instanceof HttpEndpoint endpoint
                ? new HttpSender(
                        endpoint,
                        new HttpLimits(settings.maxMessageBytes(), settings.connectTimeout(), GOODBYE),
                        credential)
                : null;
    }

    /**
     * Opens a session.
     *
     * @param patience told while a person is busy
     * @throws McpException if none comes about
     */
    public Session open(Patience patience) throws InterruptedException {
        return new Dialling(patience).open();
    }

    /** What was found out about the server was wrong. */
    public void forgetVerdict() {
        settings.eras().forget(settings.endpoint());
    }

    /** One attempt. */
    private final class Dialling {
        private final Patience patience;

        Dialling(Patience patience) {
            this.patience = patience;
        }

        Session open() throws InterruptedException {
            return switch (settings.endpoint()) {
                case LocalServer local -> openLocal(local);
                case ServerCommand command -> openProcess(command);
                case HttpEndpoint endpoint -> openHttp(endpoint);
            };
        }

        private Session openLocal(LocalServer local) throws InterruptedException {
            if (revisions.bestModern().isPresent()) {
                Connection probed = modern(inbox -> new LocalLink(local.handler(), inbox));
                Probe.Finding finding = closingOnFailure(probed, () -> probe(probed, false));
                if (finding instanceof Probe.Finding.IsModern found) {
                    return found.session();
                }
                probed.close();
            }
            Connection connection = legacy(inbox -> new LocalLink(local.handler(), inbox));
            return closingOnFailure(connection, () -> new Handshake(settings).on(connection));
        }

        /**
         * A process that is asked what it does not know may well exit, or be of no use any more. So one is started only to be
         * asked; it is kept if it turns out modern.
         */
        private Session openProcess(ServerCommand command) throws InterruptedException {
            boolean silent = false;
            if (revisions.bestModern().isPresent() && verdict() != Verdict.LEGACY) {
                Connection probed = modern(inbox -> process(command, inbox));
                Probe.Finding finding =
                        closingOnFailure(probed, () -> new Probe(settings).ask(probed, settings.probeTimeout(), true));
                switch (finding) {
                    case Probe.Finding.IsModern found -> {
                        return remember(Verdict.MODERN, found.session());
                    }
                    case Probe.Finding.IsLegacy legacy -> silent = legacy.silent();
                }
                probed.close();
            }
            try {
                Connection connection = legacy(inbox -> process(command, inbox));
                return remember(
                        Verdict.LEGACY, closingOnFailure(connection, () -> new Handshake(settings).on(connection)));
            } catch (RpcException e) {
                if (!silent) {
                    forgetVerdict();
                    throw e;
                }
                // It took long to start, and is modern after all: a modern server refuses a handshake.
                return openSlowProcess(command, e);
            }
        }

        private Session openSlowProcess(ServerCommand command, RpcException refusal) throws InterruptedException {
            Connection connection = modern(inbox -> process(command, inbox));
            return closingOnFailure(
                    connection, () -> switch (new Probe(settings).ask(connection, settings.connectTimeout(), true)) {
                        case Probe.Finding.IsModern found -> remember(Verdict.MODERN, found.session());
                        case Probe.Finding.IsLegacy none -> throw refusal;
                    });
        }

        private Link process(ServerCommand command, Inbox inbox) {
            return new ProcessLink(command, settings.maxMessageBytes(), inbox);
        }

        private Session openHttp(HttpEndpoint endpoint) throws InterruptedException {
            HttpSender sender = Objects.requireNonNull(http);
            Verdict known = endpoint.sseOnly() ? Verdict.LEGACY_SSE : verdict();
            if (revisions.bestModern().isPresent() && (known == null || known == Verdict.MODERN)) {
                Connection connection = modern(inbox -> new ModernHttpLink(sender, inbox));
                Probe.Finding finding = closingOnFailure(connection, () -> probe(connection, false));
                if (finding instanceof Probe.Finding.IsModern found) {
                    return remember(Verdict.MODERN, found.session());
                }
                connection.close();
            }
            if (known != Verdict.LEGACY_SSE) {
                try {
                    Connection connection = legacy(inbox -> new LegacyHttpLink(sender, inbox));
                    return remember(
                            Verdict.LEGACY, closingOnFailure(connection, () -> new Handshake(settings).on(connection)));
                } catch (TransportException e) {
                    if (!NOT_STREAMABLE.contains(e.status().orElse(0))) {
                        throw e;
                    }
                    return openSse(sender, e);
                } catch (RpcException e) {
                    if (known == null && NOT_STREAMABLE.contains(e.status()) && !Probe.isModernError(e.code())) {
                        return openSse(sender, e);
                    }
                    forgetVerdict();
                    throw e;
                }
            }
            return openSse(sender, null);
        }

        /** @param before why the newer transports did not do; the better explanation if this one does not either */
        private Session openSse(HttpSender sender, @Nullable McpException before) throws InterruptedException {
            Connection connection = legacy(inbox -> new SseLink(sender, inbox));
            try {
                return remember(Verdict.LEGACY_SSE, closingOnFailure(connection, () -> {
                    ((SseLink) connection.link()).awaitEndpoint(settings.connectTimeout());
                    return new Handshake(settings).on(connection);
                }));
            } catch (McpException e) {
                // Not where nobody was there to say anything.
                if (e instanceof ProtocolViolationException
                        || (e instanceof TransportException refused
                                && refused.status().isPresent())) {
                    forgetVerdict();
                }
                if (before == null) {
                    throw e;
                }
                before.addSuppressed(e);
                throw before;
            }
        }

        private Probe.Finding probe(Connection connection, boolean silenceIsLegacy) throws InterruptedException {
            return new Probe(settings).ask(connection, settings.connectTimeout(), silenceIsLegacy);
        }

        private Connection modern(Function<Inbox, Link> link) {
            return new Connection(ids, link, notifications, null, patience);
        }

        private Connection legacy(Function<Inbox, Link> link) {
            return new Connection(ids, link, notifications, new ServerRequests(settings.answers()), patience);
        }
    }

    private @Nullable Verdict verdict() {
        return settings.eras().of(settings.endpoint()).orElse(null);
    }

    private Session remember(Verdict verdict, Session session) {
        settings.eras().put(settings.endpoint(), verdict);
        LOG.debug("{} speaks {}", settings.endpoint().label(), session.server().version());
        return session;
    }

    private interface Step<T> {
        T take() throws InterruptedException;
    }

    private static <T> T closingOnFailure(Connection connection, Step<T> step) throws InterruptedException {
        boolean done = false;
        try {
            T result = step.take();
            done = true;
            return result;
        } finally {
            if (!done) {
                connection.close();
            }
        }
    }

    @Override
    public void close() {
        if (http != null) {
            http.close();
        }
    }
}
