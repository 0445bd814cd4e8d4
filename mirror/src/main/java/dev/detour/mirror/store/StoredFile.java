package dev.detour.mirror.store;

/**
 * A release file, or its {@code .metadata}, that is kept beside the pages.
 *
 * @param sha256 of its bytes, and what it is kept under; 64 lower-case hexadecimal digits
 * @param size in bytes
 */
public record StoredFile(String sha256, long size) {}
