/** What operators see of the data path: meters and the access log. */
@NullMarked
package dev.detour.proxy.observe;

import org.jspecify.annotations.NullMarked;
