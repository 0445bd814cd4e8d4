package dev.detour.mirror.page;

import java.util.OptionalLong;

/**
 * A project in the list of all projects.
 *
 * @param project normalised name
 * @param name as the list spells it
 * @param serial {@code _last-serial} of the project, if the list has one
 * @param json the entry as the list has it, canonical, without a final newline
 */
public record ListedProject(String project, String name, OptionalLong serial, String json) {}
