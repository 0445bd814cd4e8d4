@NullMarked
package dev.detour.mirror.sync;

import org.jspecify.annotations.NullMarked;
