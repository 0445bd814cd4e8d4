/** A mirror of a whole index: an invented one of its size, and what importing, syncing and serving it costs. */
@NullMarked
package dev.detour.bench.scale;

import org.jspecify.annotations.NullMarked;
