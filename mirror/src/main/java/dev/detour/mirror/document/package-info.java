/** Documents of the JSON API. */
@NullMarked
package dev.detour.mirror.document;

import org.jspecify.annotations.NullMarked;
