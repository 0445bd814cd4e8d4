package dev.detour.app.demo;

import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.LOCATION;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The requests of the demo index that have a body: uploads, which are counted and dropped, and XML-RPC calls. */
final class DemoWrites {
    static final String UPLOAD = "/legacy/";

    private static final Set<String> XML_RPC = Set.of("/pypi", "/pypi/", "/RPC2");
    private static final int LARGEST_CALL = 64 * 1024;
    /** Warehouse puts what the uploader should read into the reason phrase. */
    private static final HttpResponseStatus SLASH_MISSING = new HttpResponseStatus(
            308, "An upload was attempted to /legacy but the expected upload URL is /legacy/ (with a trailing slash)");

    private static final HttpResponseStatus NOT_MULTIPART =
            new HttpResponseStatus(400, "Content-Type must be multipart/form-data");

    private final DemoPackages packages;
    private final DemoTraffic traffic;

    DemoWrites(DemoPackages packages, DemoTraffic traffic) {
        this.packages = packages;
        this.traffic = traffic;
    }

    /** How to treat the body of this request, or nothing if it is neither an upload nor a call. */
    Optional<DemoBody> bodyOf(HttpMethod method, String path, HttpHeaders request) {
        if (!method.equals(HttpMethod.POST)) {
            return Optional.empty();
        }
        String type = request.get(CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
        if (path.equals(UPLOAD)) {
            return Optional.of(
                    type.startsWith("multipart/form-data")
                            ? new Upload()
                            : DemoBody.ignored(DemoAnswer.text(NOT_MULTIPART, NOT_MULTIPART.toString())));
        }
        if (path.equals("/legacy")) {
            return Optional.of(
                    DemoBody.ignored(DemoAnswer.text(SLASH_MISSING, "").with(LOCATION, UPLOAD)));
        }
        boolean call = XML_RPC.contains(path) && type.startsWith("text/xml");
        return call ? Optional.of(new Call()) : Optional.empty();
    }

    private final class Upload implements DemoBody {
        @Override
        public void add(ByteBuf part) {
            traffic.uploadPart(part.readableBytes());
        }

        @Override
        public DemoAnswer finish() {
            traffic.uploadFinished();
            return DemoAnswer.text(HttpResponseStatus.OK, "");
        }
    }

    private final class Call implements DemoBody {
        private final ByteArrayOutputStream xml = new ByteArrayOutputStream();
        private boolean tooLarge;

        @Override
        public void add(ByteBuf part) {
            tooLarge |= xml.size() + part.readableBytes() > LARGEST_CALL;
            if (!tooLarge) {
                byte[] bytes = new byte[part.readableBytes()];
                part.getBytes(part.readerIndex(), bytes);
                xml.writeBytes(bytes);
            }
        }

        @Override
        public DemoAnswer finish() {
            return tooLarge
                    ? DemoAnswer.text(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "413 Request Entity Too Large")
                    : DemoAnswer.of(
                            HttpResponseStatus.OK, "text/xml", new DemoXmlRpc(packages).answer(xml.toByteArray()));
        }
    }
}
