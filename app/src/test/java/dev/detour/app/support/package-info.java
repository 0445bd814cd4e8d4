/** What end-to-end tests share: real client programs, a running demo to point them at, and its access log. */
@NullMarked
package dev.detour.app.support;

import org.jspecify.annotations.NullMarked;
