/** The response cache over HTTP: what it holds, and having answers forgotten. */
@NullMarked
package dev.detour.admin.cache;

import org.jspecify.annotations.NullMarked;
