package dev.detour.mirror.tree;

/**
 * What memory has.
 *
 * @param look whether whoever gets it has to have somebody compare it with the disk
 */
record Known<T>(T value, boolean look) {}
