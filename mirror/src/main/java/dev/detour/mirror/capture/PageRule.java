package dev.detour.mirror.capture;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What a page must be to be taken. */
public interface PageRule {
    /** What is wrong with it, each in one line; empty if it may be taken. */
    List<String> problems(String project, ObjectNode page);
}
