/** One request and its answer: who is asked, in what order, and what the client is sent. */
@NullMarked
package dev.detour.proxy.exchange;

import org.jspecify.annotations.NullMarked;
