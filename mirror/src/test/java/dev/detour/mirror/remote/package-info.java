@NullMarked
package dev.detour.mirror.remote;

import org.jspecify.annotations.NullMarked;
