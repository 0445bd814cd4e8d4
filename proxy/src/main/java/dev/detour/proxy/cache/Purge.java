package dev.detour.proxy.cache;

import java.util.List;

/**
 * A wish to have cached answers forgotten.
 *
 * @param urls addresses, each with all its variants: {@code https://host/path?query} for one host, {@code /path?query} for all
 * @param keys surrogate keys: answers that carry one of them in {@code Surrogate-Key}
 * @param all everything
 * @param hard whether they are removed; otherwise they are only marked stale, and may still be given when the backend fails
 */
public record Purge(List<String> urls, List<String> keys, boolean all, boolean hard) {
    public Purge {
        urls = List.copyOf(urls);
        keys = List.copyOf(keys);
    }
}
