/** Connections from clients: listeners, pipeline, request guard. */
@NullMarked
package dev.detour.proxy.server;

import org.jspecify.annotations.NullMarked;
