@NullMarked
package dev.detour.mirror.interchange;

import org.jspecify.annotations.NullMarked;
