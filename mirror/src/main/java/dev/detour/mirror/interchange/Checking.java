package dev.detour.mirror.interchange;

import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.page.ProjectPage;
import dev.detour.mirror.store.Sha256;
import tools.jackson.databind.node.ObjectNode;

/** Makes bytes for the store of pages that keep to a rule. Thread-safe if the rule is. */
final class Checking {
    private final PageRule rule;

    Checking(PageRule rule) {
        this.rule = rule;
    }

    /** Gives a candidate its page, or the reasons why it may not have it. Takes over the tree. */
    void page(ObjectNode root, Candidate into) {
        try {
            String name = root.path("name").asString("");
            if (!into.project.equals(ProjectName.normalise(name))) {
                into.problems.add("'name' is '" + name + "' (expected: " + into.project + ")");
                return;
            }
            ProjectPage page = new ProjectPage(root);
            into.problems.addAll(rule.problems(into.project, root));
            if (into.problems.isEmpty()) {
                byte[] json = page.json();
                into.page = new Candidate.PageBytes(json, Sha256.hex(json), page.serial());
            }
        } catch (PageFormatException e) {
            into.problems.add(String.valueOf(e.getMessage()));
        }
    }
}
