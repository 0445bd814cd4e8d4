/** The small package index that {@code detour demo} and the end-to-end tests run against, and the ways to break it. */
@NullMarked
package dev.detour.app.demo;

import org.jspecify.annotations.NullMarked;
