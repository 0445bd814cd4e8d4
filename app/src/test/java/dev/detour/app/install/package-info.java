/** Real installers in front of a broken index. */
@NullMarked
package dev.detour.app.install;

import org.jspecify.annotations.NullMarked;
