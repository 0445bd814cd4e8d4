/** Host names of endpoints and the addresses that they stand for at the moment. */
@NullMarked
package dev.detour.proxy.resolve;

import org.jspecify.annotations.NullMarked;
