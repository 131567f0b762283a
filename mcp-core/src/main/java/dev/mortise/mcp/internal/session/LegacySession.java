package dev.mortise.mcp.internal.session;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.CancelledNotificationParams;
import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.transport.Exchange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process has to do with one legacy session: what its client said at the beginning, the calls that run here,
 * the questions that were put to the client from here. Thread-safe.
 */
public final class LegacySession {
    private static final Logger LOG = LoggerFactory.getLogger(LegacySession.class);

    /** How often the inbox is read before somebody looks whether the session is still there at all. */
    static final int POLLS_PER_LOOK = 8;

    /** How many calls may run at once: they do not end with their connections, so these do not bound them. */
    private static final int MAX_RUNNING = 256;

    /** How many GETs of one session may be served at once. */
    private static final int MAX_GETS = 16;

    /** Changes what a session remembers. */
    interface Keeper {
        /** Returns the state that is in force now; empty if the session is gone. */
        Optional<SessionState> change(UnaryOperator<SessionState> change);

        /** Whether it is still there: it may have been ended elsewhere. */
        default boolean isThere() {
            return true;
        }
    }

    /** The session came to its end while something waited for its client. */
    public static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("The session has ended", null, false, false);
        }
    }

    /**
     * What a session is known by to others.
     *
     * @param id stands for it, the same at every replica; no secret
     * @param group who shares bounds with it: its caller, or its neighbourhood where that is anonymous
     */
    public record Name(String id, String group) {}

    private final Name name;
    private final Keeper keeper;
    private final @Nullable EventLog log;
    private final StreamRules rules;
    private final Map<RequestId, Runnable> running = new ConcurrentHashMap<>();
    private final Map<RequestId, CompletableFuture<Message.Response>> asked = new ConcurrentHashMap<>();
    private final Map<String, EventStream> streams = new ConcurrentHashMap<>();
    private final Feed feed = new Feed();
    private final AtomicBoolean watching = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean unreachable;
    private volatile SessionState state;
    private volatile Caller caller;
    private volatile long inbox;
    private final Semaphore places = new Semaphore(MAX_RUNNING);
    private final Semaphore gets = new Semaphore(MAX_GETS);
    private final ReentrantLock taking = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private ServerEvents.@Nullable Subscription subscription;

    /** @param log where streams are kept; {@code null} where the session is a connection */
    LegacySession(
            Name name, SessionState state, Caller caller, Keeper keeper, @Nullable EventLog log, StreamRules rules) {
        this.name = name;
        this.state = state;
        this.caller = caller;
        this.keeper = keeper;
        this.log = log;
        this.rules = rules;
    }

    public Name name() {
        return name;
    }

    public SessionState state() {
        return state;
    }

    void state(SessionState current) {
        this.state = current;
    }

    /** Who used it last. */
    Caller caller() {
        return caller;
    }

    void caller(Caller current) {
        this.caller = current;
    }

    /** Changes what the session remembers; false if it is gone. */
    public boolean update(UnaryOperator<SessionState> change) {
        Optional<SessionState> changed = keeper.change(change);
        changed.ifPresent(current -> state = current);
        return changed.isPresent();
    }

    /** Whether it is kept in a store, and not by a connection. */
    public boolean isStored() {
        return log != null;
    }

    private void changed(ServerEvent event) {
        switch (event) {
            case ServerEvent.ToolsChanged tools -> feed.put(tools);
            case ServerEvent.PromptsChanged prompts -> feed.put(prompts);
            case ServerEvent.ResourcesChanged resources -> feed.put(resources);
            case ServerEvent.ResourceUpdated updated -> feed.put(updated);
            // Of these there are as many as there are users and tasks: what is surely not its own must not fill it.
            case ServerEvent.PageCompleted page -> {
                if (isOpen(page.page()) || (log != null && log.isShared() && feed.isRead())) {
                    feed.put(page);
                }
            }
            case ServerEvent.TopicChanged topic -> {
                if (TaskNews.isOf(this, topic)) {
                    feed.put(topic);
                }
            }
            case ServerEvent.ForTenant addressed -> addressed.toldTo(caller).ifPresent(this::changed);
            case ServerEvent.Missed missed -> {
                feed.put(new ServerEvent.ToolsChanged());
                feed.put(new ServerEvent.PromptsChanged());
                feed.put(new ServerEvent.ResourcesChanged());
                state().subscriptions().forEach(uri -> feed.put(new ServerEvent.ResourceUpdated(uri)));
            }
        }
    }

    private boolean isOpen(String page) {
        return state().pages().stream().anyMatch(open -> open.digest().equals(page));
    }

    Feed feed() {
        return feed;
    }

    @Nullable
    EventLog log() {
        return log;
    }

    StreamRules rules() {
        return rules;
    }

    /** Whether a call may begin. */
    public enum Admission {
        ADMITTED,
        /** A request with this id is in flight: neither could be told from the other. */
        DUPLICATE,
        /** Too many calls of the session run. */
        FULL
    }

    /** A call begins, if it may. {@code cancel} runs if its client cancels it, and when the session ends. */
    public Admission begin(RequestId id, Runnable cancel) {
        if (!places.tryAcquire()) {
            return Admission.FULL;
        }
        if (running.putIfAbsent(id, cancel) != null) {
            places.release();
            return Admission.DUPLICATE;
        }
        if (ended.get()) {
            cancel.run();
        }
        if (log != null && log.isShared()) {
            watchInbox(log);
        }
        return Admission.ADMITTED;
    }

    /** A call that was admitted is about to be answered: whoever sees the answer may use its id again. */
    void answering(RequestId id, Runnable cancel) {
        running.remove(id, cancel);
    }

    /** A call that was admitted is over, and its place is free; once for each. */
    public void done(RequestId id, Runnable cancel) {
        running.remove(id, cancel);
        places.release();
    }

    /** The client cancels a request, wherever it is being handled. */
    public void cancel(RequestId id) {
        Runnable cancel = running.get(id);
        if (cancel != null) {
            cancel.run();
        } else if (log != null && log.isShared()) {
            log.message(
                    EventLog.INBOX,
                    MessageCodec.encode(
                            Message.Notification.of("notifications/cancelled", CancelledNotificationParams.of(id))));
        }
    }

    /** Awaits the answer to a request that is about to be sent to the client. */
    public CompletableFuture<Message.Response> expect(RequestId id) {
        CompletableFuture<Message.Response> answer = new CompletableFuture<>();
        asked.put(id, answer);
        if (unreachable) {
            answer.completeExceptionally(new Ended());
        }
        return answer;
    }

    /** Nobody waits for that answer any more. */
    public void forget(RequestId id) {
        CompletableFuture<Message.Response> answer = asked.remove(id);
        if (answer != null) {
            answer.cancel(false);
        }
    }

    /** The client has answered, whoever has asked. An answer that nobody waits for is dropped. */
    public void answered(Message.Response response) {
        RequestId id = switch (response) {
            case Message.Result result -> result.id();
            case Message.Failure failure -> failure.id();
        };
        if (id == null) {
            return;
        }
        CompletableFuture<Message.Response> waiting = asked.get(id);
        if (waiting != null) {
            waiting.complete(response);
        } else if (log != null && log.isShared()) {
            log.message(EventLog.INBOX, MessageCodec.encode(response));
        }
    }

    void add(EventStream stream) {
        streams.put(stream.id(), stream);
        closeIfLate(stream);
    }

    private void closeIfLate(EventStream stream) {
        if (ended.get() || (unreachable && stream.isElsewhere())) {
            stream.close();
        }
    }

    /** Makes a connection the reader of a stream: of the one that is known here, or else of this one. */
    EventStream take(EventStream candidate, Exchange reader) {
        EventStream stream;
        taking.lock();
        try {
            EventStream known = streams.putIfAbsent(candidate.id(), candidate);
            stream = known == null ? candidate : known;
            stream.take(reader);
        } finally {
            taking.unlock();
        }
        closeIfLate(stream);
        return stream;
    }

    /** The connection reads no more; a stream of another replica that nobody reads is no business of this one. */
    void release(EventStream stream, Exchange reader) {
        taking.lock();
        try {
            stream.leave(reader);
            if (stream.isOver() || (stream.isElsewhere() && !stream.isRead())) {
                remove(stream);
            }
        } finally {
            taking.unlock();
        }
    }

    /** One more GET of this session is served; false if there are too many. */
    boolean admitGet() {
        return gets.tryAcquire();
    }

    void endGet() {
        gets.release();
    }

    boolean isThere() {
        return keeper.isThere();
    }

    void remove(EventStream stream) {
        streams.remove(stream.id(), stream);
    }

    @Nullable
    EventStream stream(String id) {
        return streams.get(id);
    }

    /** Whether anything goes on here. */
    boolean isBusy() {
        return !running.isEmpty() || feed.isRead() || !streams.isEmpty();
    }

    /** From now on takes note of what changes, also while nobody reads it. */
    void listen(ServerEvents changes) {
        lock.lock();
        try {
            if (subscription == null && !ended.get()) {
                subscription = changes.subscribe(this::changed);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more note of changes: nobody has read them for long. */
    void rest() {
        lock.lock();
        try {
            if (subscription != null) {
                subscription.close();
                subscription = null;
            }
        } finally {
            lock.unlock();
        }
    }

    boolean hasEnded() {
        return ended.get();
    }

    /** Ends everything that goes on here; what waits for the client learns it by {@link Ended}. */
    void end() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        quietly(this::cutOff);
        List.copyOf(running.values()).forEach(LegacySession::quietly);
        List.copyOf(streams.values()).forEach(stream -> quietly(stream::close));
    }

    /** Whatever one of them throws, the others end, too. */
    private static void quietly(Runnable end) {
        try {
            end.run();
        } catch (RuntimeException e) {
            LOG.warn("Something of a session that ended could not be ended", e);
        }
    }

    /** The client can be told and asked nothing any more; calls that need neither go on, and are answered. */
    void cutOff() {
        unreachable = true;
        feed.close();
        List.copyOf(asked.values()).forEach(answer -> answer.completeExceptionally(new Ended()));
        streams.values().stream().filter(EventStream::isElsewhere).forEach(EventStream::close);
        rest();
    }

    /** What other replicas took for calls that run here: looked for as long as there are such calls. */
    private void watchInbox(EventLog shared) {
        if (watching.compareAndSet(false, true)) {
            Thread.ofVirtual().name("mortise-session-inbox").start(() -> {
                try {
                    for (int polls = 1; !running.isEmpty() && !ended.get(); polls++) {
                        Thread.sleep(rules.poll());
                        readInbox(shared);
                        if (polls % POLLS_PER_LOOK == 0 && !keeper.isThere()) {
                            end();
                        }
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException e) {
                    LOG.warn("What other replicas have for a session could not be read", e);
                } finally {
                    watching.set(false);
                }
                if (!running.isEmpty() && !ended.get()) {
                    watchInbox(shared);
                }
            });
        }
    }

    private void readInbox(EventLog shared) {
        for (EventLog.Logged event : shared.read(EventLog.INBOX, inbox)) {
            inbox = event.position();
            if (MessageCodec.decode(event.json()) instanceof MessageCodec.Decoded.Ok ok) {
                take(ok.message());
            }
        }
    }

    private void take(Message message) {
        switch (message) {
            case Message.Result result -> complete(result.id(), result);
            case Message.Failure failure -> complete(failure.id(), failure);
            case Message.Notification notification -> {
                if (notification.params() != null) {
                    RequestId.from(notification.params().path("requestId"))
                            .map(running::get)
                            .ifPresent(Runnable::run);
                }
            }
            case Message.Request request -> {}
        }
    }

    private void complete(@Nullable RequestId id, Message.Response response) {
        CompletableFuture<Message.Response> waiting = id == null ? null : asked.get(id);
        if (waiting != null) {
            waiting.complete(response);
        }
    }
}
