/** Tests of the Simple page model. */
@NullMarked
package dev.detour.mirror.page;

import org.jspecify.annotations.NullMarked;
