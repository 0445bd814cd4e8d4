package dev.detour.proxy.cache;

import java.util.concurrent.CompletableFuture;

/**
 * What a purge came to.
 *
 * @param inMemory answers that were in memory until now
 * @param onDisk answers that are on the disk until this completes; many of them are the same as those in memory
 */
public record PurgeResult(int inMemory, CompletableFuture<Integer> onDisk) {}
