package dev.detour.proxy.cache;

import dev.detour.config.ApiClass;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The addresses that a purge names, in all spellings that mean the same; whatever backend answers there.
 *
 * @param targets paths, and queries where they count
 * @param onAnyHost targets that are meant on every host
 * @param onOneHost the others, with their host and without backend
 */
record PurgedAddresses(Set<String> targets, Set<String> onAnyHost, Set<CacheKey> onOneHost) {
    /**
     * The addresses of {@link Purge#urls()}.
     *
     * @throws IllegalArgumentException if one of them is none
     */
    static PurgedAddresses of(List<String> urls) {
        Set<String> targets = new HashSet<>();
        Set<String> anyHost = new HashSet<>();
        Set<CacheKey> oneHost = new HashSet<>();
        for (String url : urls) {
            PurgedUrl purged = PurgedUrl.of(url);
            for (ApiClass api : ApiClass.values()) {
                CacheKey key = CacheKey.of("", purged.host(), purged.target(), api, ResponseCache.keepsQuery(api));
                targets.add(key.target());
                if (purged.host() == null) {
                    anyHost.add(key.target());
                } else {
                    oneHost.add(key);
                }
            }
        }
        return new PurgedAddresses(targets, anyHost, oneHost);
    }

    boolean contains(CacheKey key) {
        return onAnyHost.contains(key.target()) || onOneHost.contains(new CacheKey("", key.host(), key.target()));
    }
}
