@NullMarked
package dev.detour.mirror.capture;

import org.jspecify.annotations.NullMarked;
