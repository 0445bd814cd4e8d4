package dev.detour.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.LeakPresenceDetector;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.Extension;

class LeakCheckExtensionTest {

    @Test
    void aBufferThatIsNotReleasedIsReported() {
        ByteBuf leaked = ByteBufAllocator.DEFAULT.buffer(16);

        try {
            assertThatThrownBy(() -> LeakCheckExtension.check(Duration.ofMillis(50)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("leak");
        } finally {
            leaked.release();
            // the failed check forgot the buffer, so its release makes the count negative; this settles it
            assertThatThrownBy(LeakPresenceDetector::check).hasMessageContaining("negative");
        }
    }

    @Test
    void nothingIsReportedOnceTheBufferIsReleased() {
        ByteBufAllocator.DEFAULT.buffer(16).release();

        assertThatCode(() -> LeakCheckExtension.check(Duration.ZERO)).doesNotThrowAnyException();
    }

    @Test
    void aBufferReleasedALittleLaterByAnotherThreadIsForgiven() {
        ByteBuf late = ByteBufAllocator.DEFAULT.buffer(16);
        CompletableFuture<Boolean> released = CompletableFuture.supplyAsync(
                late::release, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));

        LeakCheckExtension.check(Duration.ofSeconds(5));

        assertThat(released.join()).isTrue();
    }

    @Test
    void junitFindsTheExtensionByItself() {
        assertThat(ServiceLoader.load(Extension.class)).hasAtLeastOneElementOfType(LeakCheckExtension.class);
    }
}
