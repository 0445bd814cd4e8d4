package dev.detour.mirror.page;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What a page must be to be taken. */
public interface PageRule {
    /** What the specification demands (PEP 691, 700, 714, 740, 792). */
    PageRule SPECIFICATION = (project, page) ->
            PageCheck.of(page, project).stream().map(Problem::toString).toList();

    /** What is wrong with it, each in one line; empty if it may be taken. */
    List<String> problems(String project, ObjectNode page);
}
