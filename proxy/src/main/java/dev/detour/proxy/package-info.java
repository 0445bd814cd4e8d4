/** The data path as a whole: what the application starts and stops. */
@NullMarked
package dev.detour.proxy;

import org.jspecify.annotations.NullMarked;
