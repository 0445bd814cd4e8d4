@NullMarked
package dev.detour.mirror.store;

import org.jspecify.annotations.NullMarked;
