package dev.detour.health.vault;

import dev.detour.health.certificate.SourceProblem;

/** Vault did not answer a question, and why. */
final class VaultRefusal extends Exception {
    private static final long serialVersionUID = 1;

    private final transient SourceProblem problem;

    VaultRefusal(SourceProblem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    SourceProblem problem() {
        return problem;
    }
}
