package dev.mortise.examples.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network that lies between a client and a server, on this machine, and which can be made bad. What is held back is
 * delivered later, as by TCP: a client that has given up on an answer may still get it. Thread-safe.
 */
final class FaultProxy implements AutoCloseable {
    enum Weather {
        FAIR,
        /** Everything arrives, far too late. */
        SLOW,
        /** Connections come about, and nothing passes. */
        BLACK_HOLE,
        /** Connections break, the open ones and the new ones. */
        RESET
    }

    private static final Duration DELAY = Duration.ofSeconds(4);

    private final int target;
    private final ServerSocket listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Weather weather = Weather.FAIR;

    FaultProxy(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void set(Weather newWeather) {
        lock.lock();
        try {
            weather = newWeather;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (newWeather == Weather.RESET) {
            open.forEach(FaultProxy::reset);
        }
    }

    private boolean is(Weather one) {
        lock.lock();
        try {
            return weather == one;
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listener.accept();
                open.add(client);
                if (is(Weather.RESET)) {
                    reset(client);
                    open.remove(client);
                } else {
                    Thread.startVirtualThread(() -> connect(client));
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        open.add(server);
        try (client;
                server) {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            Thread back = Thread.startVirtualThread(() -> pump(server, client));
            pump(client, server);
            back.join();
        } catch (IOException | InterruptedException e) {
            // One that cannot connect, or breaks, is all that a client will see of it.
        } finally {
            open.remove(client);
            open.remove(server);
        }
    }

    /** When one side has ended, both are ended: none of the protocols here goes on with half a connection. */
    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                awaitPassage();
                out.write(buffer, 0, n);
            }
        } catch (IOException | InterruptedException e) {
            // The other direction notices.
        }
    }

    private void awaitPassage() throws InterruptedException {
        long late = System.nanoTime() + DELAY.toNanos();
        lock.lock();
        try {
            while (weather == Weather.BLACK_HOLE) {
                changed.await();
            }
            // A delay that has begun goes on to its end, whatever the weather is by then.
            boolean slow = weather == Weather.SLOW;
            long left = late - System.nanoTime();
            while (slow && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // Closed it is.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        set(Weather.RESET);
    }
}
