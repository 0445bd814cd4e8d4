@NullMarked
package dev.detour.mirror.publish;

import org.jspecify.annotations.NullMarked;
