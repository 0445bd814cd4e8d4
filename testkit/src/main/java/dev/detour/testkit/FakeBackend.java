package dev.detour.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on loopback that misbehaves at the byte level as a test tells it to, and remembers what it was asked.
 *
 * <p>One thread per connection, blocking sockets; bodies are counted and digested, not kept. Answers can be switched at
 * any time and hold from the next request on. Without a script every request is answered with {@code 200 ok}.
 */
public final class FakeBackend implements AutoCloseable {
    /** How much of a request body is kept, in bytes. */
    public static final int KEPT_BODY = 65_536;

    private static final int BACKLOG = 1024;

    private final int port;
    private final CountDownLatch closed = new CountDownLatch(1);

    // everything below is guarded by this
    private @Nullable Handshake handshake;
    private @Nullable ServerSocket listener;
    private @Nullable Socket placeholder;
    private Thread acceptor;
    private Greeting greeting = Greeting.SERVE;
    private Function<RequestHead, Answer> answers = head -> Answer.ok("ok\n");
    private final Deque<Answer> next = new ArrayDeque<>();
    private final List<RequestHead> heads = new ArrayList<>();
    private final List<ReceivedRequest> requests = new ArrayList<>();
    private final List<String> handshakeFailures = new ArrayList<>();
    private final Set<Socket> open = new HashSet<>();
    private int connections;

    /** How TLS is begun with a connection. */
    record Handshake(SSLContext context, Consumer<SSLParameters> settings) {}

    private FakeBackend(@Nullable Handshake handshake) {
        this.handshake = handshake;
        ServerSocket socket = listen(0);
        port = socket.getLocalPort();
        listener = socket;
        acceptor = accept(socket);
    }

    /** A backend in clear on a port picked by the kernel. */
    public static FakeBackend clear() {
        return new FakeBackend(null);
    }

    /** A backend with TLS on a port picked by the kernel; see {@link TestIdentity#serverContext()}. */
    public static FakeBackend tls(SSLContext context) {
        return new FakeBackend(new Handshake(context, settings -> {}));
    }

    /** A backend that refuses clients without a certificate that {@code context} trusts. */
    public static FakeBackend mutualTls(SSLContext context) {
        return new FakeBackend(new Handshake(context, settings -> settings.setNeedClientAuth(true)));
    }

    /** The port; stays the same through {@link #refuse} and {@link #listenAgain}. */
    public int port() {
        return port;
    }

    /** {@code http://127.0.0.1:port} or {@code https://127.0.0.1:port}. */
    public synchronized String url() {
        return (handshake == null ? "http" : "https") + "://127.0.0.1:" + port;
    }

    /** Answers every request from now on with {@code answer}. */
    public synchronized FakeBackend answer(Answer answer) {
        answers = head -> answer;
        return this;
    }

    /** Answers every request from now on by its head. */
    public synchronized FakeBackend answerBy(Function<RequestHead, Answer> byHead) {
        answers = byHead;
        return this;
    }

    /** Answers the next requests, one each, before the standing answer holds again. */
    public synchronized FakeBackend answerNext(Answer... once) {
        next.addAll(List.of(once));
        return this;
    }

    /** Treats connections accepted from now on in this way. */
    public synchronized FakeBackend greet(Greeting greeting) {
        this.greeting = greeting;
        return this;
    }

    /**
     * Shakes hands with connections accepted from now on in this way.
     *
     * @param context who this backend says it is, and whom it trusts
     * @param settings changes what the context allows, such as protocols and ciphers
     */
    public synchronized FakeBackend shakeHands(SSLContext context, Consumer<SSLParameters> settings) {
        handshake = new Handshake(context, settings);
        return this;
    }

    /** Closes the listening socket, so that connects are refused; open connections stay. */
    public void refuse() {
        stopListening();
        synchronized (this) {
            if (placeholder == null) {
                // nobody else may get the port meanwhile: then connects would not be refused
                placeholder = hold(port);
            }
        }
    }

    private void stopListening() {
        Thread closing;
        synchronized (this) {
            close(listener);
            listener = null;
            closing = acceptor;
        }
        // the kernel keeps the socket listening until the thread inside accept() has let go of it
        join(closing);
    }

    /** Listens on the same port again after {@link #refuse}. */
    public synchronized void listenAgain() {
        if (listener == null) {
            close(placeholder);
            placeholder = null;
            ServerSocket socket = listen(port);
            listener = socket;
            acceptor = accept(socket);
        }
    }

    /** Resets every open connection. */
    public synchronized void resetConnections() {
        for (Socket socket : List.copyOf(open)) {
            FakeConnection.resetQuietly(socket);
        }
    }

    /** Requests whose body was read to its end or broke, in the order of that. */
    public synchronized List<ReceivedRequest> requests() {
        return List.copyOf(requests);
    }

    /** The requests with this method. */
    public List<ReceivedRequest> requests(String method) {
        return requests().stream()
                .filter(request -> request.method().equals(method))
                .toList();
    }

    /** Heads of all requests begun, also of those whose body never came. */
    public synchronized List<RequestHead> heads() {
        return List.copyOf(heads);
    }

    /** Connections accepted so far. */
    public synchronized int connections() {
        return connections;
    }

    /** Connections open now. */
    public synchronized int openConnections() {
        return open.size();
    }

    /** Why handshakes failed, as this side saw it. */
    public synchronized List<String> handshakeFailures() {
        return List.copyOf(handshakeFailures);
    }

    /** Forgets requests, heads and handshake failures; counters of connections go on. */
    public synchronized void forget() {
        requests.clear();
        heads.clear();
        handshakeFailures.clear();
    }

    /**
     * Waits until {@code count} requests were received whole or broken.
     *
     * @throws AssertionError if they were not within {@code patience}
     */
    public void awaitRequests(int count, Duration patience) {
        await(() -> requests.size() >= count, patience, () -> requests.size() + " of " + count + " requests received");
    }

    /**
     * Waits until {@code count} heads of requests were received.
     *
     * @throws AssertionError if they were not within {@code patience}
     */
    public void awaitHeads(int count, Duration patience) {
        await(() -> heads.size() >= count, patience, () -> heads.size() + " of " + count + " heads received");
    }

    /**
     * Waits until {@code count} handshakes failed.
     *
     * @throws AssertionError if they did not within {@code patience}
     */
    public void awaitHandshakeFailures(int count, Duration patience) {
        await(
                () -> handshakeFailures.size() >= count,
                patience,
                () -> handshakeFailures.size() + " of " + count + " handshakes failed");
    }

    /**
     * Waits until exactly {@code count} connections are open.
     *
     * @throws AssertionError if they were not within {@code patience}
     */
    public void awaitOpenConnections(int count, Duration patience) {
        await(() -> open.size() == count, patience, () -> open.size() + " connections open (expected: " + count + ")");
    }

    @Override
    public void close() {
        closed.countDown();
        stopListening();
        synchronized (this) {
            close(placeholder);
            for (Socket socket : List.copyOf(open)) {
                close(socket);
            }
        }
    }

    private synchronized void await(Supplier<Boolean> condition, Duration patience, Supplier<String> found) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.get()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(found.get() + " within " + patience);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted: " + found.get(), e);
            }
        }
    }

    private static ServerSocket listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on 127.0.0.1:" + port, e);
        }
    }

    /** A socket bound to the port that does not listen. */
    private static Socket hold(int port) {
        try {
            Socket socket = new Socket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot hold 127.0.0.1:" + port, e);
        }
    }

    private Thread accept(ServerSocket from) {
        return daemon("fake-backend-" + port, () -> {
            while (true) {
                try {
                    Socket socket = from.accept();
                    daemon("fake-backend-" + port + "-connection", connection(socket));
                } catch (IOException e) {
                    return; // refuse() or close()
                }
            }
        });
    }

    private synchronized Runnable connection(Socket socket) {
        connections++;
        open.add(socket);
        notifyAll();
        FakeConnection connection = new FakeConnection(this, socket, connections, greeting);
        Handshake first = handshake;
        return () -> {
            try {
                connection.run(first);
            } finally {
                gone(socket);
            }
        };
    }

    private synchronized void gone(Socket socket) {
        close(socket);
        open.remove(socket);
        notifyAll();
    }

    /** Notes a head and picks its answer. */
    synchronized Answer begun(RequestHead head) {
        heads.add(head);
        notifyAll();
        Answer once = next.poll();
        return once != null ? once : answers.apply(head);
    }

    synchronized void received(ReceivedRequest request) {
        requests.add(request);
        notifyAll();
    }

    synchronized void handshakeFailed(IOException failure) {
        handshakeFailures.add(String.valueOf(failure.getMessage()));
        notifyAll();
    }

    /** Waits up to {@code pause}, but not beyond the life of this backend. */
    boolean pause(Duration pause) throws InterruptedException {
        return closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(@Nullable Closeable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (IOException e) {
            // a socket that cannot be closed is gone already
        }
    }
}
