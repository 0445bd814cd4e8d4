/** The fault matrix: what a client gets, how soon, and what the breaker makes of it, for every failure and kind of request. */
@NullMarked
package dev.detour.proxy.matrix;

import org.jspecify.annotations.NullMarked;
