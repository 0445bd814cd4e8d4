/** The operator's own HTTP listener: who may ask, what can be asked, and how errors are told. */
@NullMarked
package dev.detour.admin;

import org.jspecify.annotations.NullMarked;
