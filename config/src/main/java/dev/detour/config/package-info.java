/** What the operator wrote: immutable records of the configuration file, its YAML form and its validation. */
@NullMarked
package dev.detour.config;

import org.jspecify.annotations.NullMarked;
