@NullMarked
package dev.detour.bench.scale;

import org.jspecify.annotations.NullMarked;
