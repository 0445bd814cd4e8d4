/** Connections to backends: one pool per event loop, so that no lock is ever needed. */
@NullMarked
package dev.detour.proxy.upstream;

import org.jspecify.annotations.NullMarked;
