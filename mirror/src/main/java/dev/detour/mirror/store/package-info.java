/** Detour's own copy of an index: pages and documents in RocksDB, in generations that are switched as a whole. */
@NullMarked
package dev.detour.mirror.store;

import org.jspecify.annotations.NullMarked;
