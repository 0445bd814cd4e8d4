/** Waiting that ends: for reads that block, and have no limit of their own. */
@NullMarked
package dev.detour.health.deadline;

import org.jspecify.annotations.NullMarked;
