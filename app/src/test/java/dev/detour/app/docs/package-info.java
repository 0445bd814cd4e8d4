/** What the README and the pages in docs/ say, held against the program. */
@NullMarked
package dev.detour.app.docs;

import org.jspecify.annotations.NullMarked;
