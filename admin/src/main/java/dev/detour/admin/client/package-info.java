/** The admin API as seen from a command line. */
@NullMarked
package dev.detour.admin.client;

import org.jspecify.annotations.NullMarked;
