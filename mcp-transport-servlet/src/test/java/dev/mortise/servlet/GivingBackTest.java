package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A container takes its objects back when its listeners have returned. What a thread of ours still did to them by then
 * would be done to the next request; in Tomcat that window is a few instructions wide, so here the container is ours.
 */
@Timeout(30)
class GivingBackTest {
    private final BlockingQueue<AsyncListener> listeners = new LinkedBlockingQueue<>();
    private final CountDownLatch completing = new CountDownLatch(1);
    private final CountDownLatch slow = new CountDownLatch(1);
    private final AtomicBoolean completed = new AtomicBoolean();

    @Test
    void keepsTheContainerWaitingWhileItsRequestIsBeingCompleted() throws Exception {
        AtomicBoolean completedInTime = new AtomicBoolean();
        ServletExchange.run(request(), of(HttpServletResponse.class, (proxy, method, args) -> null), (in, out) -> {});
        AsyncListener listener = listeners.take();
        assertThat(completing.await(10, TimeUnit.SECONDS)).isTrue();

        Thread container = Thread.ofPlatform().start(() -> {
            try {
                listener.onError(new AsyncEvent(of(AsyncContext.class, (proxy, method, args) -> null)));
                completedInTime.set(completed.get());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        while (container.getState() != Thread.State.WAITING && container.isAlive()) {
            Thread.onSpinWait();
        }
        slow.countDown();
        container.join();
        assertThat(completedInTime).isTrue();
    }

    private HttpServletRequest request() {
        AsyncContext context = of(AsyncContext.class, (proxy, method, args) -> {
            if (method.getName().equals("addListener")) {
                listeners.add((AsyncListener) args[0]);
            } else if (method.getName().equals("complete")) {
                completing.countDown();
                slow.await();
                completed.set(true);
            }
            return null;
        });
        return of(HttpServletRequest.class, (proxy, method, args) -> switch (method.getName()) {
            case "isAsyncSupported" -> true;
            case "startAsync" -> context;
            case "getMethod" -> "POST";
            case "getServerPort" -> 80;
            case "getContentLengthLong" -> 0L;
            case "getHeaderNames" -> Collections.emptyEnumeration();
            default -> null;
        });
    }

    private static <T> T of(Class<T> type, InvocationHandler behaviour) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, behaviour));
    }
}
