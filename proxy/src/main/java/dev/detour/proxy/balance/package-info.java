/** Which endpoint of a backend is asked. */
@NullMarked
package dev.detour.proxy.balance;

import org.jspecify.annotations.NullMarked;
