/** What is wrong, or will be: one alarm as a value, whoever has found it and whoever is told. */
@NullMarked
package dev.detour.health.finding;

import org.jspecify.annotations.NullMarked;
