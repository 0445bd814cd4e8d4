/** What a request is: the rules of the configuration, compiled so that classifying costs next to nothing. */
@NullMarked
package dev.detour.proxy.route;

import org.jspecify.annotations.NullMarked;
