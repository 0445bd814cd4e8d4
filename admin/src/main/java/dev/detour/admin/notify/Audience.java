package dev.detour.admin.notify;

import dev.detour.health.finding.Severity;
import java.time.Duration;

/** What one receiver wants to hear: nothing below {@code least}, and what lasts again after {@code repeat}. */
record Audience(String name, Severity least, Duration repeat) {}
