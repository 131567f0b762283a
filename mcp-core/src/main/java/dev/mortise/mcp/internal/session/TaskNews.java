package dev.mortise.mcp.internal.session;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.server.ServerEvent;
import java.util.Optional;

/** What a session is told of its tasks. Each piece of news names the session, so that all others can ignore it. */
@FunctionalInterface
public interface TaskNews {
    /** For servers without tasks. */
    TaskNews NONE = (caller, session, kind, task) -> Optional.empty();

    /** What of a task has changed. */
    enum Kind {
        STATUS,
        PROGRESS
    }

    /** What to tell now; empty if it was told elsewhere, or there is nothing to tell any more. */
    Optional<Message.Notification> tell(Caller caller, String session, Kind kind, String task);

    /** The event that brings a session to tell. */
    static ServerEvent event(String session, Kind kind, String task) {
        return new ServerEvent.TopicChanged("mortise.session-task", session + "/" + kind + "/" + task);
    }

    /** Whether an event is one of these, for this session. */
    static boolean isOf(LegacySession session, ServerEvent.TopicChanged event) {
        return event.topic().equals("mortise.session-task")
                && event.key().startsWith(session.name().id() + "/");
    }

    /** What to tell on an event of this session. */
    default Optional<Message.Notification> tell(LegacySession session, ServerEvent.TopicChanged event) {
        String[] parts = event.key().split("/", 3);
        return parts.length == 3 && isOf(session, event)
                ? tell(session.caller(), parts[0], Kind.valueOf(parts[1]), parts[2])
                : Optional.empty();
    }
}
