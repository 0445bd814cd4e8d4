package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoCommandTest {
    private final RecordedDemo demo = new RecordedDemo();

    @Test
    void theDemoHasItsUsualPorts() {
        Terminal terminal = run("demo");

        assertThat(terminal.exitCode()).isZero();
        assertThat(demo.calls).containsExactly("run 8080 9901");
    }

    @Test
    void theDemoTakesOtherPorts() {
        run("demo", "--port", "0", "--admin-port", "9999");

        assertThat(demo.calls).containsExactly("run 0 9999");
    }

    @Test
    void aFaultGoesToTheRunningDemo() {
        Terminal terminal = run("demo", "break", "refuse");

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).isEqualToIgnoringNewLines("now: refuse");
        assertThat(demo.calls).containsExactly("apply 9901 refuse");
    }

    @Test
    void theRunningDemoIsFoundByItsAdminPortOnEitherSideOfTheSubcommand() {
        run("demo", "--admin-port", "9001", "heal");
        run("demo", "heal", "--admin-port", "9002");

        assertThat(demo.calls).containsExactly("apply 9001 heal", "apply 9002 heal");
    }

    @Test
    void anUnknownFaultIsAnsweredWithTheList() {
        Terminal terminal = run("demo", "break", "sneeze");

        assertThat(terminal.exitCode()).isEqualTo(64);
        assertThat(terminal.err()).contains("\"sneeze\" (expected: one of refuse, hang)");
        assertThat(demo.calls).isEmpty();
    }

    @Test
    void aPortOutOfRangeIsRefused() {
        Terminal terminal = run("demo", "--port", "65536");

        assertThat(terminal.exitCode()).isEqualTo(64);
        assertThat(terminal.err()).contains("\"65536\" (expected: a port from 0 to 65535)");
    }

    @Test
    void withoutARunningDemoNothingIsKnown() {
        demo.absent = true;

        Terminal terminal = run("demo", "heal");

        assertThat(terminal.exitCode()).isEqualTo(3);
        assertThat(terminal.err()).isEqualToIgnoringNewLines("detour: no demo on port 9901");
    }

    private Terminal run(String... args) {
        return Terminal.run(cli -> cli.demonstrating(demo), args);
    }

    /** A demo that starts nothing and remembers what it was asked. */
    private static final class RecordedDemo implements DemoTarget {
        private final List<String> calls = new ArrayList<>();
        private boolean absent;

        @Override
        public List<String> faults() {
            return List.of("refuse", "hang");
        }

        @Override
        public void run(int port, int adminPort) {
            calls.add("run " + port + " " + adminPort);
        }

        @Override
        public String apply(int adminPort, String fault) throws CommandFailure {
            if (absent) {
                throw CommandFailure.unknown("no demo on port " + adminPort, null);
            }
            calls.add("apply " + adminPort + " " + fault);
            return "now: " + fault;
        }
    }
}
