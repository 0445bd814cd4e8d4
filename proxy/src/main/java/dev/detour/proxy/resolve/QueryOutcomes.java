package dev.detour.proxy.resolve;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsNameResolverException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.DnsQueryLifecycleObserver;
import io.netty.resolver.dns.DnsQueryLifecycleObserverFactory;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the queries of one look-up ended. The resolver itself tells less: it succeeds with half of the addresses if the query
 * for the other half got lost, and fails with the same words for a name that does not exist and a server that is broken.
 */
final class QueryOutcomes implements DnsQueryLifecycleObserverFactory {
    private static final String NO_ADDRESSES = "the name has no addresses";
    private static final String NO_SUCH_NAME = "no such name (NXDOMAIN)";

    private final String silent;
    private final Family four = new Family();
    private final Family six = new Family();

    QueryOutcomes(long queryMillis) {
        silent = "no answer from a name server within " + queryMillis + " ms";
    }

    /** Forgets the last look-up. */
    void restart() {
        four.why = null;
        six.why = null;
    }

    /** Why it is not known whether there are addresses of a family, or null if it is. */
    @Nullable String lost(boolean ofFour) {
        String why = (ofFour ? four : six).why;
        return NO_SUCH_NAME.equals(why) || NO_ADDRESSES.equals(why) ? null : why;
    }

    /** Why there are no addresses at all; {@code otherwise} if no query was made. */
    String reason(String otherwise) {
        String first = lost(true);
        String lost = first == null ? lost(false) : first;
        if (lost != null) {
            return lost;
        }
        String why = four.why == null ? six.why : four.why;
        return why == null ? otherwise : why;
    }

    @Override
    public DnsQueryLifecycleObserver newDnsQueryLifecycleObserver(DnsQuestion question) {
        if (question.type().equals(DnsRecordType.A)) {
            return four;
        }
        // a query for an alias, the resolver's last resort, says nothing new
        return question.type().equals(DnsRecordType.AAAA) ? six : new Family();
    }

    /** The latest outcome of the queries for one kind of record; servers are asked one after another. */
    private final class Family implements DnsQueryLifecycleObserver {
        private @Nullable String why;

        @Override
        public void queryWritten(InetSocketAddress server, ChannelFuture written) {}

        @Override
        public void queryCancelled(int queriesRemaining) {}

        @Override
        public DnsQueryLifecycleObserver queryRedirected(List<InetSocketAddress> servers) {
            return this;
        }

        @Override
        public DnsQueryLifecycleObserver queryCNAMEd(DnsQuestion alias) {
            return this;
        }

        @Override
        public DnsQueryLifecycleObserver queryNoAnswer(DnsResponseCode code) {
            if (code.equals(DnsResponseCode.NXDOMAIN)) {
                why = NO_SUCH_NAME;
            } else if (code.equals(DnsResponseCode.NOERROR)) {
                why = NO_ADDRESSES;
            } else {
                why = "a name server answered " + code;
            }
            return this;
        }

        @Override
        public void queryFailed(Throwable cause) {
            if (cause instanceof DnsNameResolverTimeoutException) {
                why = silent;
            } else if (cause instanceof DnsNameResolverException) {
                why = "name server cannot be asked: " + cause.getMessage();
            } else if (String.valueOf(cause.getMessage()).contains("NXDOMAIN")) {
                // the resolver tells this answer from one without records by its words only
                why = NO_SUCH_NAME;
            } else if (why == null) {
                // also said when all servers have been asked, after what each of them answered
                why = NO_ADDRESSES;
            }
        }

        @Override
        public void querySucceed() {
            why = null;
        }
    }
}
