package dev.mortise.mcp.task;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.internal.era.LegacyTasks;
import dev.mortise.mcp.internal.session.Neighbourhood;
import dev.mortise.mcp.transport.HttpHead;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose the tasks of a call are. A caller's are its own, wherever it comes from. Those of callers who are anonymous belong
 * to the session that they were begun in, if there is one, else to whoever knows their ids; and those who share an address
 * share their bound, so that one of them cannot use up everybody's.
 *
 * @param key what the store counts by; no caller's identity looks like the key of an address
 * @param session which session it has to be; {@code null} where it does not matter, or there is none
 */
record TaskOwner(String key, @Nullable String session, boolean anonymous) {
    private static final String NOBODY = Caller.anonymous().identity();
    private static final String ADDRESS = "@" + NOBODY;

    static TaskOwner of(Call call) {
        String identity = call.caller().identity();
        if (!identity.equals(NOBODY)) {
            return new TaskOwner(identity, null, false);
        }
        Optional<LegacyTasks.Peer> peer = call.get(LegacyTasks.PEER);
        if (peer.isPresent()) {
            // That of the session's beginning: a client may move on to another network.
            String group = peer.get().session().group();
            return new TaskOwner("@" + group, peer.get().session().id(), true);
        }
        return call.context().origin() instanceof HttpHead head
                ? new TaskOwner(ADDRESS + "@" + Neighbourhood.of(head.remoteAddress()), null, true)
                : new TaskOwner(ADDRESS, null, true);
    }

    boolean owns(Task task) {
        String owner = task.row().owner();
        if (!anonymous) {
            return owner.equals(key);
        }
        TaskBody.Client client = task.body().client();
        return (owner.equals(ADDRESS) || owner.startsWith(ADDRESS + "@"))
                && Objects.equals(client == null ? null : client.session(), session);
    }
}
