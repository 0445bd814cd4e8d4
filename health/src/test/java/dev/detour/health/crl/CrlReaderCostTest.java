package dev.detour.health.crl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reading takes: 50 MB are to be read in 100 ms and 20 MB; the times asserted leave room for a slow machine. */
class CrlReaderCostTest {
    private static final int MILLION = 1_310_000;
    private static final long HEAP = 20_000_000;
    private static final int ROUNDS = 5;

    private static CrlAuthority authority = CrlAuthority.create("RSA:2048", "SHA256withRSA", CrlAuthority.NAME);
    private static byte[] largest = new byte[0];

    private record Cost(CrlFacts facts, Duration least, long allocated) {}

    @BeforeAll
    static void write() throws Exception {
        largest = LargeCrl.of(authority, MILLION);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000, 131_000})
    void everyEntryIsCountedInLittleMemory(int entries) throws Exception {
        byte[] crl = LargeCrl.of(authority, entries);

        Cost cost = cost(CrlReader.unchecked(), () -> new ByteArrayInputStream(crl));

        assertThat(cost.facts.entries()).isEqualTo(entries);
        assertThat(cost.facts.revocations().count()).isEqualTo(entries);
        assertThat(cost.facts.entryBytes()).isEqualTo((long) entries * LargeCrl.ENTRY);
        assertThat(cost.facts.bytes()).isEqualTo(crl.length);
        assertThat(cost.least).isLessThan(Duration.ofMillis(200));
        assertThat(cost.allocated).isLessThan(HEAP);
    }

    @Test
    void fiftyMegabytesAreReadInTheTimeOfABlinkAndInLittleMemory() throws Exception {
        Cost cost = cost(CrlReader.unchecked(), () -> new ByteArrayInputStream(largest));

        assertThat(cost.facts.entries()).isEqualTo(MILLION);
        assertThat(cost.facts.bytes()).isEqualTo(largest.length).isGreaterThan(50_000_000);
        assertThat(cost.least).isLessThan(Duration.ofMillis(500));
        assertThat(cost.allocated).isLessThan(HEAP);
    }

    @Test
    void theSignatureOfFiftyMegabytesIsCheckedInLittleMemory() throws Exception {
        Cost cost =
                cost(CrlReader.checkedBy(List.of(authority.certificate())), () -> new ByteArrayInputStream(largest));

        assertThat(cost.facts.signature()).isEqualTo(CrlSignature.GOOD);
        assertThat(cost.least).isLessThan(Duration.ofMillis(1_500));
        assertThat(cost.allocated).isLessThan(HEAP);
    }

    @Test
    void pemIsDecodedInLittleMemory() throws Exception {
        byte[] base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(largest);

        Cost cost = cost(CrlReader.unchecked(), () -> Pem.around(base64));

        assertThat(cost.facts.entries()).isEqualTo(MILLION);
        assertThat(cost.least).isLessThan(Duration.ofSeconds(1));
        assertThat(cost.allocated).isLessThan(HEAP);
    }

    private static Cost cost(CrlReader reader, Supplier<InputStream> crl) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        Duration least = Duration.ofDays(1);
        long allocated = 0;
        CrlFacts facts = reader.read(crl.get());
        for (int round = 0; round < ROUNDS; round++) {
            long bytes = threads.getThreadAllocatedBytes(thread);
            long start = System.nanoTime();
            facts = reader.read(crl.get());
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            allocated = Math.max(allocated, threads.getThreadAllocatedBytes(thread) - bytes);
            least = took.compareTo(least) < 0 ? took : least;
        }
        return new Cost(facts, least, allocated);
    }
}
