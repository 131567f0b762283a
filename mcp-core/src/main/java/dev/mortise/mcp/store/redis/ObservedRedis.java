package dev.mortise.mcp.store.redis;

import dev.mortise.mcp.observe.WorkObserver;
import java.util.List;

/** Another Redis, with an observer around what is waited for. */
record ObservedRedis(Redis redis, WorkObserver observer) implements Redis {
    @Override
    public List<byte[]> eval(Script script, List<byte[]> keys, List<byte[]> arguments) {
        return observer.observe(WorkObserver.Work.REDIS, script.name(), () -> redis.eval(script, keys, arguments));
    }

    @Override
    public void publish(byte[] channel, byte[] message) {
        observer.observe(WorkObserver.Work.REDIS, "publish", () -> {
            redis.publish(channel, message);
            return true;
        });
    }

    @Override
    public Subscription subscribe(byte[] channel, Subscriber subscriber) {
        return redis.subscribe(channel, subscriber);
    }
}
