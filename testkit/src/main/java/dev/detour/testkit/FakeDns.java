package dev.detour.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A name server on loopback, over UDP and TCP on the same port, that answers or misbehaves as a test tells it to and counts
 * what it was asked. Names that it was not told of do not exist. Thread-safe.
 */
public final class FakeDns implements AutoCloseable {
    /** Record type of IPv4 addresses (RFC 1035). */
    public static final int A = 1;

    /** Record type of IPv6 addresses (RFC 3596). */
    public static final int AAAA = 28;

    /** Response code of a server that is broken (RFC 1035). */
    public static final int SERVFAIL = 2;

    private static final int NXDOMAIN = 3;
    private static final int CNAME = 5;
    private static final int LARGEST = 4096;
    private static final int ANSWER = 0x8180; // a response, recursion desired and available
    private static final int TRUNCATED = 0x0200;
    private static final int NAME_OF_QUESTION = 0xc00c;

    private final DatagramSocket udp;
    private final ServerSocket tcp;

    // everything below is guarded by this
    private final Map<String, List<Entry>> names = new HashMap<>();
    private final Map<Integer, Integer> queries = new HashMap<>();
    private int overTcp;
    private int failure;
    private boolean silent;
    private int silentType;
    private boolean truncating;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(int type, int seconds, byte[] data) {}

    /** A query: its bytes up to the end of the question, and what the question says. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Question(byte[] start, String name, int type) {}

    private FakeDns(DatagramSocket udp, ServerSocket tcp) {
        this.udp = udp;
        this.tcp = tcp;
        daemon("fake-dns-udp", this::serveUdp);
        daemon("fake-dns-tcp", this::serveTcp);
    }

    /** A server on a port picked by the kernel. */
    public static FakeDns start() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        IOException last = new IOException("not tried");
        for (int i = 0; i < 20; i++) {
            try {
                ServerSocket tcp = new ServerSocket(0, 50, loopback);
                try {
                    return new FakeDns(new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort())), tcp);
                } catch (IOException e) {
                    // somebody else has the UDP port of that number
                    tcp.close();
                    last = e;
                }
            } catch (IOException e) {
                last = e;
            }
        }
        throw new UncheckedIOException("no port that is free for both UDP and TCP", last);
    }

    /** The port on 127.0.0.1, of both UDP and TCP. */
    public int port() {
        return udp.getLocalPort();
    }

    /** From now on {@code name} has these addresses and no others; with none it exists but has no records. */
    public synchronized FakeDns addresses(String name, int seconds, String... addresses) {
        List<Entry> entries = new ArrayList<>();
        for (String address : addresses) {
            byte[] bytes = literal(address);
            entries.add(new Entry(bytes.length == 4 ? A : AAAA, seconds, bytes));
        }
        names.put(name, entries);
        return this;
    }

    /** From now on {@code name} is another name for {@code target}. */
    public synchronized FakeDns alias(String name, int seconds, String target) {
        names.put(name, List.of(new Entry(CNAME, seconds, encode(target))));
        return this;
    }

    /** From now on {@code name} does not exist. */
    public synchronized FakeDns forget(String name) {
        names.remove(name);
        return this;
    }

    /** Answers nothing but this response code, until {@link #recover}. */
    public synchronized FakeDns fail(int code) {
        failure = code;
        return this;
    }

    /** Does not answer, until {@link #recover}. */
    public synchronized FakeDns silence() {
        silent = true;
        return this;
    }

    /** Does not answer queries for this record type, until {@link #recover}. */
    public synchronized FakeDns silence(int type) {
        silentType = type;
        return this;
    }

    /** Sends answers over UDP empty and marked as truncated, until {@link #recover}. */
    public synchronized FakeDns truncate() {
        truncating = true;
        return this;
    }

    /** Answers properly again. */
    public synchronized FakeDns recover() {
        failure = 0;
        silent = false;
        silentType = 0;
        truncating = false;
        return this;
    }

    /** Queries for records of a type so far, over UDP and TCP. */
    public synchronized int queries(int type) {
        return queries.getOrDefault(type, 0);
    }

    /** Queries over TCP so far. */
    public synchronized int queriesOverTcp() {
        return overTcp;
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serveUdp() throws IOException {
        byte[] buffer = new byte[LARGEST];
        while (true) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            udp.receive(packet);
            byte[] answer = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()), false);
            if (answer != null) {
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        }
    }

    private void serveTcp() throws IOException {
        while (true) {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] answer = answer(ByteBuffer.wrap(in.readNBytes(in.readUnsignedShort())), true);
                if (answer != null) {
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    out.writeShort(answer.length);
                    out.write(answer);
                    out.flush();
                }
            }
        }
    }

    private synchronized byte @Nullable [] answer(ByteBuffer query, boolean byTcp) throws IOException {
        Question question = question(query);
        queries.merge(question.type(), 1, Integer::sum);
        if (byTcp) {
            overTcp++;
        }
        if (silent || silentType == question.type()) {
            return null;
        }
        List<Entry> known = names.get(question.name());
        int code = failure != 0 ? failure : known == null ? NXDOMAIN : 0;
        boolean cut = truncating && !byTcp;
        List<Entry> told = code != 0 || cut || known == null
                ? List.of()
                : known.stream()
                        .filter(entry -> entry.type() == question.type() || entry.type() == CNAME)
                        .toList();
        return message(question, ANSWER | code | (cut ? TRUNCATED : 0), told);
    }

    private static byte[] message(Question question, int flags, List<Entry> answers) throws IOException {
        byte[] start = question.start();
        ByteBuffer header = ByteBuffer.wrap(start);
        header.putShort(2, (short) flags);
        header.putShort(6, (short) answers.size());
        header.putInt(8, 0); // neither authorities nor additional records
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(start);
        for (Entry entry : answers) {
            out.writeShort(NAME_OF_QUESTION);
            out.writeShort(entry.type());
            out.writeShort(1);
            out.writeInt(entry.seconds());
            out.writeShort(entry.data().length);
            out.write(entry.data());
        }
        return bytes.toByteArray();
    }

    private static Question question(ByteBuffer query) {
        query.position(12);
        StringBuilder name = new StringBuilder();
        for (int length = query.get(); length != 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = query.getShort();
        query.getShort(); // class: always Internet
        byte[] start = new byte[query.position()];
        query.get(0, start);
        return new Question(start, name.toString().toLowerCase(Locale.ROOT), type);
    }

    private static byte[] encode(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    private static byte[] literal(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (IOException e) {
            throw new IllegalArgumentException("address: " + address + " (expected: an IP address)", e);
        }
    }

    private interface Service {
        void run() throws IOException;
    }

    private static void daemon(String name, Service service) {
        Thread thread = new Thread(
                () -> {
                    try {
                        service.run();
                    } catch (IOException e) {
                        // close()
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
