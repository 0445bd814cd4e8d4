package dev.detour.app.demo;

/**
 * A request whose head reached the demo index, whatever was answered.
 *
 * @param method the method as sent
 * @param path the path as sent, still encoded, without the query
 */
public record DemoRequest(String method, String path) {}
