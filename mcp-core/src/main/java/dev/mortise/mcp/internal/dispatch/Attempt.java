package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.internal.state.Dialogue;
import dev.mortise.mcp.schema.LoggingLevel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One of perhaps several attempts at a call. It shares everything with the call but two things: it can be cancelled
 * alone, when it takes too long or another was faster, and it can be mute. What it reports then is dropped: progress
 * belongs to the call, and not to an attempt.
 */
public final class Attempt extends LiveCall {
    private final LiveCall call;
    private final boolean mute;
    private volatile @Nullable Attribute<?> ownAttribute;
    private @Nullable Object ownValue;

    /** It is cancelled with the call. */
    public Attempt(LiveCall call, boolean mute) {
        super(call);
        this.call = call;
        this.mute = mute;
        call.cancellation().onCancel(cancelling());
    }

    LiveCall of() {
        return call;
    }

    /** The one value for this attempt alone. */
    public <T> void setOwn(Attribute<T> attribute, T value) {
        ownValue = value;
        ownAttribute = attribute;
    }

    @Override
    public <T> Optional<T> get(Attribute<T> attribute) {
        if (ownAttribute == attribute) {
            @SuppressWarnings("unchecked") // setOwn() put a T under this key
            T value = (T) ownValue;
            return Optional.ofNullable(value);
        }
        return call.get(attribute);
    }

    @Override
    public <T> void set(Attribute<T> attribute, T value) {
        call.set(attribute, value);
    }

    @Override
    public String id() {
        return call.id();
    }

    @Override
    public int round() {
        return call.round();
    }

    @Override
    public <T> Answer<T> answer(Question<T> question) {
        return call.answer(question);
    }

    @Override
    public void attach(Settlement settlement, String token) {
        call.attach(settlement, token);
    }

    @Override
    public Optional<String> attached(Settlement settlement) {
        return call.attached(settlement);
    }

    @Override
    void detach(RunningServer.ProgressListener newListener) {
        call.detach(newListener);
    }

    @Override
    void reattach() {
        call.reattach();
    }

    @Override
    public boolean isDetached() {
        return call.isDetached();
    }

    @Override
    public Dialogue dialogue() {
        return call.dialogue();
    }

    @Override
    public @Nullable Stream takeStream() {
        return call.takeStream();
    }

    @Override
    void streamAfterwards(Stream newStream) {
        if (cancelling().isCancelled()) {
            newStream.abandon();
        } else {
            call.streamAfterwards(newStream);
        }
    }

    @Override
    void progress(double progress, @Nullable Double total, @Nullable String message) {
        if (!mute && !cancelling().isCancelled()) {
            call.progress(progress, total, message);
        }
    }

    @Override
    void log(LoggingLevel level, @Nullable String logger, Object data) {
        if (!mute && !cancelling().isCancelled()) {
            call.log(level, logger, data);
        }
    }
}
