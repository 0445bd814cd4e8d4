package dev.detour.app.load;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process uses of what can leak.
 *
 * @param heap bytes in use right after a collection
 * @param direct bytes that Netty's allocator holds outside the heap
 */
record Footprint(long heap, long direct) {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final long MIB = 1 << 20;

    /** Collects, and looks. */
    static Footprint measure() {
        // twice: what a first collection finds unreachable may only be given back by its cleaner
        System.gc();
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long direct = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
        return new Footprint(heap, direct);
    }

    /** Sockets open in this process, both ends where it talks to itself; 0 where the system does not tell. */
    static long openSockets() throws IOException {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            return all.filter(Footprint::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            // closed while we looked, as the listing itself is
            return false;
        }
    }

    @Override
    public String toString() {
        return "heap " + heap / MIB + " MiB, direct " + direct / MIB + " MiB";
    }
}
