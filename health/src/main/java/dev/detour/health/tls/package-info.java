/** Why a TLS handshake failed, told apart by public exception types. */
@NullMarked
package dev.detour.health.tls;

import org.jspecify.annotations.NullMarked;
