package dev.detour.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.ManualClock;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SweepTest {
    private static final long PERIOD_MILLIS = 20;

    private final ManualClock clock = ManualClock.create();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Sweep sweep = new Sweep(channel.eventLoop(), PERIOD_MILLIS, clock.nanoTime());

    @AfterEach
    void close() {
        channel.close();
    }

    private void tick() {
        channel.advanceTimeBy(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    /** Notes its ticks, and cancels a registration at the first one if it is given one. */
    private static final class Member implements Timed {
        private final List<Long> ticks = new ArrayList<>();
        private Sweep.@Nullable Registration toCancel;

        @Override
        public void onTick(long nowNanos) {
            ticks.add(nowNanos);
            Sweep.Registration cancelled = toCancel;
            toCancel = null;
            if (cancelled != null) {
                cancelled.cancel();
            }
        }
    }

    private List<Member> members(int count, List<Sweep.Registration> registrations) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Member member = new Member();
            members.add(member);
            registrations.add(sweep.add(member));
        }
        return members;
    }

    @Test
    void everyMemberIsToldTheTimeAtEveryTick() {
        channel.freezeTime();
        List<Member> members = members(3, new ArrayList<>());

        tick();
        clock.advance(Duration.ofMillis(PERIOD_MILLIS));
        tick();

        long now = clock.nanoTime().getAsLong();
        assertThat(members)
                .allSatisfy(member -> assertThat(member.ticks)
                        .containsExactly(now - TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS), now));
    }

    @Test
    void aCancelledMemberHearsNoMoreAndTheOthersDo() {
        channel.freezeTime();
        List<Sweep.Registration> registrations = new ArrayList<>();
        List<Member> members = members(5, registrations);

        registrations.get(1).cancel();
        registrations.get(4).cancel();
        registrations.get(0).cancel();
        tick();

        assertThat(members).extracting(member -> member.ticks.size()).containsExactly(0, 0, 1, 1, 0);
    }

    @Test
    void aMemberMayCancelItselfDuringATick() {
        channel.freezeTime();
        List<Sweep.Registration> registrations = new ArrayList<>();
        List<Member> members = members(5, registrations);
        for (int i = 0; i < 5; i += 2) {
            members.get(i).toCancel = registrations.get(i);
        }

        tick();
        tick();

        assertThat(members).extracting(member -> member.ticks.size()).containsExactly(1, 2, 1, 2, 1);
    }

    @Test
    void aMemberMayCancelAnyOtherDuringATickAndNobodyIsMissed() {
        for (int canceller = 0; canceller < 4; canceller++) {
            for (int cancelled = 0; cancelled < 4; cancelled++) {
                EmbeddedChannel other = new EmbeddedChannel();
                other.freezeTime();
                Sweep fresh = new Sweep(other.eventLoop(), PERIOD_MILLIS, clock.nanoTime());
                List<Member> members = new ArrayList<>();
                List<Sweep.Registration> registrations = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    members.add(new Member());
                    registrations.add(fresh.add(members.get(i)));
                }
                members.get(canceller).toCancel = registrations.get(cancelled);

                other.advanceTimeBy(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
                other.runScheduledPendingTasks();

                for (int i = 0; i < 4; i++) {
                    if (i != cancelled) {
                        assertThat(members.get(i).ticks).isNotEmpty();
                    }
                }
                other.close();
            }
        }
    }

    @Test
    void anEmptySweepHasNoTimerAndStartsAgain() {
        channel.freezeTime();
        List<Sweep.Registration> registrations = new ArrayList<>();
        members(1, registrations);
        registrations.get(0).cancel();
        tick();
        boolean idle = channel.runScheduledPendingTasks() < 0;
        List<Member> later = members(1, new ArrayList<>());
        tick();

        assertThat(idle).isTrue();
        assertThat(later.get(0).ticks).hasSize(1);
    }

    @Test
    void aSweepThatIsEmptiedAndFilledBetweenTicksHasOneTimer() {
        channel.freezeTime();
        List<Sweep.Registration> registrations = new ArrayList<>();
        members(1, registrations);
        registrations.get(0).cancel();
        List<Member> later = members(1, new ArrayList<>());

        tick();

        assertThat(later.get(0).ticks).hasSize(1);
    }
}
