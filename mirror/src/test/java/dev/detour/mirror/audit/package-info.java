@NullMarked
package dev.detour.mirror.audit;

import org.jspecify.annotations.NullMarked;
