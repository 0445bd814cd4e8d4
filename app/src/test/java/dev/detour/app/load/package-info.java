/** What clients, backends and the process itself go through at hundreds of requests a second while endpoints break. */
@NullMarked
package dev.detour.app.load;

import org.jspecify.annotations.NullMarked;
