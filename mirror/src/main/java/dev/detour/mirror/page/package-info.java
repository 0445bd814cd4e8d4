/** The Simple API page: its model, its canonical JSON, its HTML, and which of them a client wants. */
@NullMarked
package dev.detour.mirror.page;

import org.jspecify.annotations.NullMarked;
