package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.client.KnownEras;
import dev.mortise.mcp.client.ServerEndpoint;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.Implementation;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.LoggingMessageNotificationParams;
import dev.mortise.mcp.schema.Meta;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a client was built with.
 *
 * @param versions the revisions to be offered, the best one first
 * @param timeout how long a server may be silent over a call
 * @param maxTime how long a call may take in any case
 * @param connectTimeout for a connection, and for each step of the handshake
 * @param probeTimeout how long a process may take to show that it is modern
 * @param maxPages of one list
 * @param maxRounds of questions within one call
 * @param meta asked for each request, on the caller's thread
 */
public record Settings(
        ServerEndpoint endpoint,
        Implementation client,
        ClientCapabilities capabilities,
        Answers answers,
        List<ProtocolVersion> versions,
        Duration timeout,
        Duration maxTime,
        Duration connectTimeout,
        Duration probeTimeout,
        int maxMessageBytes,
        int maxPages,
        int maxRounds,
        Supplier<Meta> meta,
        @Nullable LoggingLevel logLevel,
        Consumer<LoggingMessageNotificationParams> onLog,
        Clock clock,
        KnownEras eras) {}
