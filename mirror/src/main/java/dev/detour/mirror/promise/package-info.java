/** What pages promise that is not fetchable while the index is down. */
@NullMarked
package dev.detour.mirror.promise;

import org.jspecify.annotations.NullMarked;
