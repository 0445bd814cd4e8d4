package dev.detour.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A listening socket whose queue is full: the kernel drops further attempts to connect. */
public final class FullBacklog implements AutoCloseable {
    private static final int PLENTY = 64;
    private static final int LIMIT_MILLIS = 100;

    private final ServerSocket listener;
    private final List<Socket> queued = new ArrayList<>();

    /** A socket with a full queue on a port picked by the kernel. */
    public FullBacklog() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        for (int i = 0; i < PLENTY; i++) {
            Socket socket = new Socket();
            queued.add(socket);
            try {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), LIMIT_MILLIS);
            } catch (SocketTimeoutException e) {
                return; // full
            }
        }
        throw new IllegalStateException(PLENTY + " connections fit into a queue of one");
    }

    /** Where nobody accepts. */
    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : queued) {
            socket.close();
        }
        listener.close();
    }
}
