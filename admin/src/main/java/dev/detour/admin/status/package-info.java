/** What an operator asks first: how every backend, endpoint and mirror is, whether that is bad, and taking single endpoints out. */
@NullMarked
package dev.detour.admin.status;

import org.jspecify.annotations.NullMarked;
