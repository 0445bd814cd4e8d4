package dev.detour.health.finding;

/**
 * One thing that somebody should know, for as long as it is so.
 *
 * @param source configured name of the source it was found in, or of the backend
 * @param place where in the source: a file and its entry, an address, a Secret; empty if it is about the whole source
 * @param text one line for people, which may change while the finding lasts
 */
public record Finding(Rule rule, Severity severity, String source, String place, String text) {
    /** What stays the same from one look to the next: two findings with the same key are one alarm. */
    public String key() {
        return rule.label() + "|" + source + "|" + place;
    }
}
