/** Certificates and revocation lists in the admin API. */
@NullMarked
package dev.detour.admin.certificate;

import org.jspecify.annotations.NullMarked;
