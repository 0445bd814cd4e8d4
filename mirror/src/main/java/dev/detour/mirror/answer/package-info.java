/** Answers of a mirror: headers, validators, ranges, and pages ready to be sent. */
@NullMarked
package dev.detour.mirror.answer;

import org.jspecify.annotations.NullMarked;
