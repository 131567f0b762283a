package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Cancellation;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.internal.era.Era;
import dev.mortise.mcp.internal.state.Dialogue;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.LoggingMessageNotificationParams;
import dev.mortise.mcp.schema.ProgressNotificationParams;
import dev.mortise.mcp.store.PendingInputStore;
import dev.mortise.mcp.transport.Exchange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A call while it is being handled: the one object behind what interceptors and handlers see. */
public class LiveCall implements Call {
    private final Message.Request request;
    private final CallContext context;
    private final Target target;
    private volatile Dialogue dialogue;
    private final Exchange exchange;
    private final PendingInputStore pendingInputs;
    private final @Nullable Function<String, List<String>> mirroredHeaders;
    private final Cancelling cancelling;
    private final ReentrantLock lock;
    private double lastProgress = Double.NEGATIVE_INFINITY;
    private volatile @Nullable Map<Attribute<?>, Object> attributes;
    private @Nullable Stream stream;
    private boolean streamTaken;
    private volatile RunningServer.@Nullable ProgressListener listener;
    private volatile @Nullable Throwable failure;

    /** What a call does once the interceptors have let it begin: send notifications until it ends. */
    public interface Stream {
        void run() throws IOException;

        /** Gives up what was opened: an interceptor has changed its mind. */
        void abandon();
    }

    /** @param pendingInputs remembers which consents were used up */
    public LiveCall(
            Message.Request request,
            Era.Opening.Opened opened,
            Target target,
            Exchange exchange,
            PendingInputStore pendingInputs) {
        this.request = request;
        this.context = opened.context();
        this.dialogue = opened.dialogue();
        this.mirroredHeaders = opened.mirroredHeaders();
        this.target = target;
        this.exchange = exchange;
        this.pendingInputs = pendingInputs;
        this.lock = new ReentrantLock();
        this.cancelling = new Cancelling(lock);
        if (!opened.attributes().isEmpty()) {
            this.attributes = new ConcurrentHashMap<>(opened.attributes());
        }
    }

    /** The same request once more, for {@link Attempt}. */
    LiveCall(LiveCall other) {
        this.request = other.request;
        this.context = other.context;
        this.dialogue = other.dialogue;
        this.mirroredHeaders = other.mirroredHeaders;
        this.target = other.target;
        this.exchange = other.exchange;
        this.pendingInputs = other.pendingInputs;
        this.lock = other.lock;
        this.cancelling = new Cancelling(lock);
    }

    @Override
    public String id() {
        return dialogue.callId();
    }

    @Override
    public int round() {
        return dialogue.round();
    }

    @Override
    public RequestId requestId() {
        return request.id();
    }

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public ObjectNode params() {
        return request.params();
    }

    @Override
    public CallContext context() {
        return context;
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public Cancellation cancellation() {
        return cancelling;
    }

    public void cancel() {
        cancelling.cancel();
    }

    @Override
    public <T> Answer<T> answer(Question<T> question) {
        return dialogue.answer(question, pendingInputs);
    }

    @Override
    public <T> Optional<T> get(Attribute<T> attribute) {
        Map<Attribute<?>, Object> own = attributes;
        if (own != null && own.containsKey(attribute)) {
            @SuppressWarnings("unchecked") // set() put a T under this key
            T value = (T) own.get(attribute);
            return Optional.ofNullable(value);
        }
        Optional<T> ofTarget = target.attributes().get(attribute);
        return ofTarget.isPresent() ? ofTarget : caller().get(attribute);
    }

    @Override
    public <T> void set(Attribute<T> attribute, T value) {
        lock.lock();
        try {
            Map<Attribute<?>, Object> own = attributes;
            if (own == null) {
                own = new ConcurrentHashMap<>();
                attributes = own;
            }
            own.put(attribute, value);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void attach(Settlement settlement, String token) {
        dialogue.charge(settlement.name(), token);
    }

    @Override
    public Optional<String> attached(Settlement settlement) {
        return Optional.ofNullable(dialogue.charge(settlement.name()));
    }

    /** From now on the call is nobody's request: its progress goes elsewhere, and whoever took it over settles it. */
    void detach(RunningServer.ProgressListener newListener) {
        listener = newListener;
    }

    /** It is its request's again. */
    void reattach() {
        listener = null;
    }

    @Override
    public boolean isDetached() {
        return listener != null;
    }

    /** The handler has thrown this: the outcome only holds a reference to it. */
    void failed(Throwable thrown) {
        failure = thrown;
    }

    /** What the handler threw the last time, if it did. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** The call to hand to the handler: the attempt that a stage made of this call, or else this call. */
    @SuppressWarnings("ReferenceEquality") // this very call, and not one like it
    public LiveCall orAttempt(Call passed) {
        return passed instanceof Attempt attempt && attempt.of() == this ? attempt : this;
    }

    public Dialogue dialogue() {
        return dialogue;
    }

    /** What interceptors have left on this call so far. */
    Map<Attribute<?>, Object> attributes() {
        Map<Attribute<?>, Object> own = attributes;
        return own == null ? Map.of() : Map.copyOf(own);
    }

    /**
     * The client was asked without its having to send the call again: the next round begins.
     *
     * @param before what stood on the call where the rounds begin
     */
    void nextRound(Dialogue next, Map<Attribute<?>, Object> before) {
        dialogue = next;
        attributes = new ConcurrentHashMap<>(before);
    }

    public Exchange exchange() {
        return exchange;
    }

    Cancelling cancelling() {
        return cancelling;
    }

    /** The header fields that repeat arguments, where the transport has such. */
    @Nullable
    Function<String, List<String>> mirroredHeaders() {
        return mirroredHeaders;
    }

    /** What goes on after the interceptors, if anything does. Called once, when they are done. */
    public @Nullable Stream takeStream() {
        lock.lock();
        try {
            streamTaken = true;
            return stream;
        } finally {
            lock.unlock();
        }
    }

    /** One goes on: of several attempts the last, and none that comes when the interceptors are done. */
    void streamAfterwards(Stream newStream) {
        Stream superfluous;
        lock.lock();
        try {
            superfluous = streamTaken ? newStream : stream;
            if (!streamTaken) {
                stream = newStream;
            }
        } finally {
            lock.unlock();
        }
        if (superfluous != null) {
            superfluous.abandon();
        }
    }

    void progress(double progress, @Nullable Double total, @Nullable String message) {
        RunningServer.ProgressListener elsewhere = listener;
        if (elsewhere != null) {
            elsewhere.progress(progress, total, message);
            return;
        }
        if (context.progressToken() == null || !Double.isFinite(progress) || cancelling.isCancelled()) {
            return;
        }
        lock.lock();
        try {
            if (progress <= lastProgress) {
                return;
            }
            lastProgress = progress;
            exchange.offer(Message.Notification.of(
                    "notifications/progress",
                    ProgressNotificationParams.of(context.progressToken(), progress)
                            .withTotal(total == null || Double.isFinite(total) ? total : null)
                            .withMessage(message)));
        } finally {
            lock.unlock();
        }
    }

    void log(LoggingLevel level, @Nullable String logger, Object data) {
        LoggingLevel wanted = context.logLevel();
        if (wanted != null && level.isAtLeast(wanted) && !cancelling.isCancelled() && !isDetached()) {
            exchange.offer(Message.Notification.of(
                    "notifications/message",
                    LoggingMessageNotificationParams.of(level, Json.tree(data)).withLogger(logger)));
        }
    }
}
