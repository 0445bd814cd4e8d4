/** Event loops: the transport beneath them, and deadlines without a timer task per request. */
@NullMarked
package dev.detour.proxy.loop;

import org.jspecify.annotations.NullMarked;
