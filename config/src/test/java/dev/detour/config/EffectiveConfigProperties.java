package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class EffectiveConfigProperties {
    @Property(tries = 500)
    void whatIsDescribedLoadsAsTheSameConfiguration(@ForAll long seed) throws Exception {
        Path root = Path.of("").toAbsolutePath();
        DetourConfig config = RandomConfigs.config(seed, root);

        String described = EffectiveConfig.describe(config);

        assertThat(ConfigLoader.load(described, root)).isEqualTo(config);
    }
}
