package dev.detour.testkit;

import java.util.List;

/** One header line as it was on the wire; the value without the white space around it. */
public record Header(String name, String value) {

    static Header parse(String line) {
        int colon = line.indexOf(':');
        return colon < 0
                ? new Header(line, "")
                : new Header(line.substring(0, colon), line.substring(colon + 1).trim());
    }

    /** All values of {@code name} in the order sent. */
    static List<String> values(List<Header> headers, String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }
}
