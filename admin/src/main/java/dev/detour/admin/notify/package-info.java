/** Tells findings to receivers outside, such as a webhook or the Alertmanager, once each and when they are over. */
@NullMarked
package dev.detour.admin.notify;

import org.jspecify.annotations.NullMarked;
