package dev.detour.bench.scale;

import dev.detour.mirror.page.ProjectName;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.SplittableRandom;

/** The page of a project that does not exist, written in the canonical form. */
final class InventedPage {
    /** Files a page has: half of the pages have fewer than this, the hundredth largest has sixty times as many. */
    private static final double MEDIAN = 4.5;

    private static final double DEVIATION = 1.75;
    private static final String[] WHEELS = {
        "cp310-cp310-macosx_11_0_arm64",
        "cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "cp311-cp311-macosx_11_0_arm64",
        "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "cp312-cp312-macosx_11_0_arm64",
        "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "cp312-cp312-win_amd64"
    };
    private static final String[] PYTHONS = {">=3.8", ">=3.9", ">=3.10", ">=3.7,<4.0", ">=3.6", "!=3.0.*,>=2.7"};
    private static final String[] REASONS = {
        "", "broken \\\"metadata\\\"", "security: use <2 & >1", "défaut d'installation"
    };
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final String project;
    private final long serial;
    private final SplittableRandom random;
    private final int count;
    private final StringBuilder out;
    private final StringBuilder versions = new StringBuilder();

    InventedPage(String name, long serial, SplittableRandom random, int count) {
        this.project = Objects.requireNonNull(ProjectName.normalise(name));
        this.serial = serial;
        this.random = random;
        this.count = count;
        this.out = new StringBuilder(256 + count * 640);
    }

    /** How many files a page has; not a whole number, so that it can be scaled. */
    static double files(SplittableRandom random) {
        return random.nextInt(64) == 0 ? 0 : Math.max(1, MEDIAN * Math.exp(DEVIATION * normal(random)));
    }

    /** Of mean 0 and deviation 1 (Box and Muller). */
    private static double normal(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    byte[] json() {
        String status = status(random);
        out.append("{\"files\":[");
        if (!status.equals("quarantined")) {
            files();
        }
        out.append("],\"meta\":{\"_last-serial\":").append(serial).append(",\"api-version\":\"1.4\"},\"name\":\"");
        out.append(project).append("\",\"project-status\":{\"status\":\"").append(status);
        out.append("\"},\"versions\":[").append(versions).append("]}\n");
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The first thing that is drawn. */
    static String status(SplittableRandom random) {
        int chance = random.nextInt(2_000);
        return chance == 0 ? "quarantined" : chance < 10 ? "archived" : chance < 14 ? "deprecated" : "active";
    }

    private void files() {
        boolean compiled = random.nextInt(10) == 0;
        int release = 0;
        for (int written = 0; written < count; release++) {
            String version = (release / 400) + "." + (release / 20 % 20) + "." + (release % 20);
            versions.append(release == 0 ? "\"" : ",\"").append(version).append('"');
            Release of = new Release(version);
            int wheels = compiled ? WHEELS.length : 1;
            for (int i = 0; i < wheels && written < count; i++, written++) {
                file(of, "-" + version + "-" + (compiled ? WHEELS[i] : "py3-none-any") + ".whl");
            }
            if (written < count) {
                file(of, "-" + version + ".tar.gz");
                written++;
            }
        }
    }

    /** What the files of one release share. */
    private final class Release {
        final String version;
        final boolean attested = random.nextInt(100) < 17;
        final boolean yanked = random.nextInt(50) == 0;
        final String reason = REASONS[random.nextInt(REASONS.length)];
        final String python = random.nextInt(8) == 0 ? "" : PYTHONS[random.nextInt(PYTHONS.length)];
        final int day = random.nextInt(28);
        final int month = random.nextInt(12);
        final int year = 2012 + random.nextInt(14);

        Release(String version) {
            this.version = version;
        }
    }

    private void file(Release release, String rest) {
        String filename = project.replace('-', '_') + rest;
        out.append(out.charAt(out.length() - 1) == '[' ? "{" : ",{");
        if (rest.endsWith(".whl")) {
            digest(out.append("\"core-metadata\":{\"sha256\":\""));
            String digest = out.substring(out.length() - 64);
            out.append("\"},\"data-dist-info-metadata\":{\"sha256\":\"")
                    .append(digest)
                    .append("\"}");
        } else {
            out.append("\"core-metadata\":false,\"data-dist-info-metadata\":false");
        }
        out.append(",\"filename\":\"").append(filename).append("\",\"hashes\":{\"sha256\":\"");
        digest(out).append("\"},\"provenance\":");
        if (release.attested) {
            out.append("\"https://index.example.org/integrity/")
                    .append(project)
                    .append('/')
                    .append(release.version);
            out.append('/').append(filename).append("/provenance\"");
        } else {
            out.append("null");
        }
        out.append(",\"requires-python\":").append(release.python.isEmpty() ? "null" : "\"" + release.python + "\"");
        out.append(",\"size\":").append(1_000 + random.nextInt(5_000_000));
        out.append(",\"upload-time\":\"")
                .append(release.year)
                .append(two(release.month + 1))
                .append(two(release.day + 1));
        out.append("T12:34:56.").append(100_000 + random.nextInt(900_000)).append("Z\",\"url\":\"");
        url(filename);
        out.append(",\"yanked\":")
                .append(release.yanked ? yanked(release) : "false")
                .append('}');
    }

    private static String yanked(Release release) {
        return release.reason.isEmpty() ? "true" : "\"" + release.reason + "\"";
    }

    private static String two(int number) {
        return (number < 10 ? "-0" : "-") + number;
    }

    private void url(String filename) {
        out.append("https://files.example.org/packages/");
        int start = out.length();
        digest(out);
        out.insert(start + 4, '/').insert(start + 2, '/');
        out.append('/').append(filename).append('"');
    }

    private StringBuilder digest(StringBuilder into) {
        for (int i = 0; i < 4; i++) {
            long bits = random.nextLong();
            for (int shift = 60; shift >= 0; shift -= 4) {
                into.append(HEX[(int) (bits >>> shift) & 0xf]);
            }
        }
        return into;
    }
}
