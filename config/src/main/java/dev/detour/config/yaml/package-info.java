/** A YAML document as a small tree in which every node knows its line. */
@NullMarked
package dev.detour.config.yaml;

import org.jspecify.annotations.NullMarked;
