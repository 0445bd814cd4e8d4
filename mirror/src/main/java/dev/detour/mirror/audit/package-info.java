/** Whether the copy is faithful: pages of the mirror and of the index beside each other, all day. */
@NullMarked
package dev.detour.mirror.audit;

import org.jspecify.annotations.NullMarked;
