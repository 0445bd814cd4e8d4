/** Keeps the store as the index is: what has changed is found by serials, fetched, checked and written project by project. */
@NullMarked
package dev.detour.mirror.sync;

import org.jspecify.annotations.NullMarked;
