package dev.detour.app.demo;

import java.util.Locale;

/** A form in which Simple pages are offered, in Warehouse's order of preference. */
enum SimpleForm {
    HTML("text/html"),
    V1_HTML("application/vnd.pypi.simple.v1+html"),
    V1_JSON("application/vnd.pypi.simple.v1+json");

    private final String type;

    SimpleForm(String type) {
        this.type = type;
    }

    /** The value of {@code Content-Type}: Warehouse names the character set for plain HTML only. */
    String contentType() {
        return this == HTML ? type + "; charset=UTF-8" : type;
    }

    /**
     * The form this {@code Accept} header likes best (RFC 9110 section 12.5.1); ties go to the first in order.
     *
     * <p>HTML if it accepts none: Warehouse never answers 406, and it knows neither {@code latest} nor {@code ?format=}.
     *
     * @param accept the header, empty if absent
     */
    static SimpleForm negotiate(String accept) {
        SimpleForm best = HTML;
        double bestQuality = 0;
        for (SimpleForm form : values()) {
            double quality = accept.isBlank() ? 1 : form.quality(accept);
            if (quality > bestQuality) {
                best = form;
                bestQuality = quality;
            }
        }
        return best;
    }

    /** The quality of the most specific range that covers this form, 0 if none does. */
    private double quality(String accept) {
        int closest = 0;
        double quality = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = range.split(";", -1);
            int closeness = closeness(parts[0].strip());
            if (closeness > closest) {
                closest = closeness;
                quality = weight(parts);
            }
        }
        return quality;
    }

    private int closeness(String range) {
        if (range.equals(type)) {
            return 3;
        }
        if (range.equals(type.substring(0, type.indexOf('/')) + "/*")) {
            return 2;
        }
        return range.equals("*/*") ? 1 : 0;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.matches("q=[01](\\.\\d{0,3})?")) {
                return Double.parseDouble(parameter.substring(2));
            }
        }
        return 1;
    }
}
