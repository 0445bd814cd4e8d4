package dev.detour.admin;

/**
 * One thing that can be asked of the admin listener. HEAD is answered by the route for GET.
 *
 * @param method the HTTP method
 * @param path absolute path; a segment {@code {name}} stands for any one segment, see {@link AdminRequest#variable}
 * @param open whether it is answered without a token
 * @param largestBody bytes that the body of a request may have; a longer one is answered with 413
 * @param handler answers it
 */
public record AdminRoute(String method, String path, boolean open, int largestBody, Handler handler) {
    private static final int LARGEST_BODY = 64 * 1024;

    /** Answers a request. Runs on the admin server's own threads, never on an event loop, so that it may block briefly. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Answers {@code request}.
         *
         * @throws ProblemException to answer with that problem
         * @throws Exception anything else is logged and answered with 500, without its message
         */
        AdminResponse handle(AdminRequest request) throws Exception;
    }

    public AdminRoute {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path: " + path + " (expected: a path that starts with /)");
        }
        if (method.equals("HEAD")) {
            throw new IllegalArgumentException("method: HEAD (expected: GET, which answers HEAD too)");
        }
    }

    /** Answers GET and HEAD. */
    public static AdminRoute get(String path, Handler handler) {
        return new AdminRoute("GET", path, false, LARGEST_BODY, handler);
    }

    public static AdminRoute put(String path, Handler handler) {
        return new AdminRoute("PUT", path, false, LARGEST_BODY, handler);
    }

    public static AdminRoute post(String path, Handler handler) {
        return new AdminRoute("POST", path, false, LARGEST_BODY, handler);
    }

    /** What is to be deleted is named by the path and the query; a body says nothing. */
    public static AdminRoute delete(String path, Handler handler) {
        return new AdminRoute("DELETE", path, false, LARGEST_BODY, handler);
    }

    /** The same route, answered without a token. */
    public AdminRoute withoutToken() {
        return new AdminRoute(method, path, true, largestBody, handler);
    }

    /** The same route, for bodies of up to {@code bytes}. */
    public AdminRoute withLargestBody(int bytes) {
        return new AdminRoute(method, path, open, bytes, handler);
    }
}
