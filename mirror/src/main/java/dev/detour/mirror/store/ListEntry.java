package dev.detour.mirror.store;

import java.util.OptionalLong;

/**
 * A project in the index's project list.
 *
 * @param project normalised name
 * @param serial {@code _last-serial}, or empty if the index has none
 * @param json the entry as the index wrote it, canonical
 */
public record ListEntry(String project, OptionalLong serial, String json) {}
