package dev.detour.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A static copy of an index.
 *
 * @param name unique among mirrors
 * @param tree web root of a bandersnatch tree, the directory that holds {@code simple/}
 * @param maxAge oldest copy still fit to serve; older ones are unhealthy
 */
public record MirrorConfig(String name, Path tree, Duration maxAge) {}
