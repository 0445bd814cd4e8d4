/** What a person at twine, a browser or a script reads when Detour refuses: the real clients against the whole program. */
@NullMarked
package dev.detour.app.refusal;

import org.jspecify.annotations.NullMarked;
