package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Clients of one page on one thread, with small windows, that hold on to nothing and compare what they read as it comes. */
final class ManyClients implements AutoCloseable {
    private static final int WINDOW = 16 * 1024;
    private static final int PATIENCE_MILLIS = 10_000;

    private final List<Client> clients = new ArrayList<>();

    private ManyClients() {}

    /** Connects {@code count} clients that expect this body. */
    static ManyClients connect(int port, int count, byte[] expected) throws IOException {
        ManyClients many = new ManyClients();
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open();
            // before it connects: the window is agreed upon then
            channel.setOption(StandardSocketOptions.SO_RCVBUF, WINDOW);
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            many.clients.add(new Client(channel, expected));
        }
        return many;
    }

    /** Has all of them ask for the same. */
    void ask(String target) throws IOException {
        String head = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for (Client client : clients) {
            client.channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            client.channel.configureBlocking(false);
        }
    }

    /**
     * Has some of them read their answers to the end.
     *
     * @param piece how much each of them reads at a time, in bytes
     */
    void read(int from, int until, int piece) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(piece);
        int left = until - from;
        try (Selector selector = Selector.open()) {
            for (Client client : clients.subList(from, until)) {
                client.channel.register(selector, SelectionKey.OP_READ, client);
            }
            while (left > 0) {
                assertThat(selector.select(PATIENCE_MILLIS)).as("%d wait", left).isPositive();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (((Client) key.attachment()).read(buffer.clear())) {
                        key.cancel();
                        left--;
                    }
                }
                selector.selectedKeys().clear();
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.channel.close();
        }
    }

    private static final class Client {
        private final SocketChannel channel;
        private final byte[] expected;
        private final StringBuilder head = new StringBuilder();
        private int position;

        Client(SocketChannel channel, byte[] expected) {
            this.channel = channel;
            this.expected = expected;
        }

        /** Reads what is there; says whether that was the end of the answer. */
        boolean read(ByteBuffer buffer) throws IOException {
            assertThat(channel.read(buffer)).as("bytes read").isPositive();
            buffer.flip();
            while (buffer.hasRemaining() && head.indexOf("\r\n\r\n") < 0) {
                head.append((char) buffer.get());
            }
            ByteBuffer rest = ByteBuffer.wrap(expected, position, expected.length - position);
            assertThat(rest.remaining()).isGreaterThanOrEqualTo(buffer.remaining());
            assertThat(rest.limit(position + buffer.remaining()).equals(buffer))
                    .as("the body from %d on", position)
                    .isTrue();
            position += buffer.remaining();
            assertThat(head).startsWith("HTTP/1.1 200 ");
            return position == expected.length;
        }
    }
}
