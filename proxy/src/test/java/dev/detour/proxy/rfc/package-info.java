/** The shared cache on the wire, held against the text of the RFCs section by section. */
@NullMarked
package dev.detour.proxy.rfc;

import org.jspecify.annotations.NullMarked;
