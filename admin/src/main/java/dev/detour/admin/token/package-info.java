/** The bearer token of the admin API, shared through a file. */
@NullMarked
package dev.detour.admin.token;

import org.jspecify.annotations.NullMarked;
