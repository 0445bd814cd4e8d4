/** What clients are told when nobody can or may answer them, worded for whoever reads it. */
@NullMarked
package dev.detour.proxy.refuse;

import org.jspecify.annotations.NullMarked;
