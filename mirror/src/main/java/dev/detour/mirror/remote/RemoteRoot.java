package dev.detour.mirror.remote;

import dev.detour.mirror.answer.HttpDate;
import dev.detour.mirror.page.ProjectList;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The age and the project list of a tree behind a web server, as last read. They are read by a thread of their own, as the
 * list of a whole index takes longer than a client waits, and kept until there are new ones.
 */
final class RemoteRoot {
    private static final Duration LIST_LIMIT = Duration.ofMinutes(2);
    private static final int SAMPLES = 3;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Location location;
    private final Fetcher fetcher;
    private volatile State state = new State(null, null, null, null, Layout.UNKNOWN, "it has not been read yet");

    /**
     * What is known.
     *
     * @param madeTime what stands for a missing {@code last-modified}
     * @param problem of the last reading, or null
     */
    private record State(
            @Nullable Fetched time,
            @Nullable RemoteFile madeTime,
            @Nullable Fetched json,
            @Nullable Fetched html,
            Layout layout,
            @Nullable String problem) {
        State failed(IOException e) {
            return new State(time, madeTime, json, html, layout, String.valueOf(e.getMessage()));
        }
    }

    RemoteRoot(Location location, Fetcher fetcher) {
        this.location = location;
        this.fetcher = fetcher;
    }

    static boolean has(String relative) {
        return switch (relative) {
            case FileKind.LAST_MODIFIED, FileKind.JSON_LIST, FileKind.HTML_LIST -> true;
            default -> false;
        };
    }

    /** What went wrong when it was last read, or null. */
    @Nullable String problem() {
        return state.problem;
    }

    /** Whether anything could be read at all so far. */
    boolean isKnown() {
        return state.json != null;
    }

    Layout layout() {
        return state.layout;
    }

    @Nullable RemoteFile find(String relative) throws IOException {
        State now = state;
        if (now.json == null) {
            throw new IOException(String.valueOf(now.problem));
        }
        return switch (relative) {
            case FileKind.LAST_MODIFIED -> now.madeTime != null ? now.madeTime : file(now.time);
            case FileKind.JSON_LIST -> file(now.json);
            default -> file(now.html);
        };
    }

    private static @Nullable RemoteFile file(@Nullable Fetched fetched) {
        return fetched == null ? null : fetched.file();
    }

    /** Reads both again. One thread at a time. */
    void refresh() {
        State before = state;
        try {
            // the age first: a list that is written in between is then younger than said, not older
            Fetched time = fetcher.fetch(FileKind.LAST_MODIFIED, before.time, RemoteTree.LIMIT);
            Fetched json = before.json;
            Fetched html = before.html;
            boolean unchanged = time.file() != null && time.file() == file(before.time);
            if (!unchanged || canAskForChanges(before)) {
                json = fetcher.fetch(FileKind.JSON_LIST, before.json, LIST_LIMIT);
                html = json.file() == null ? fetcher.fetch(FileKind.HTML_LIST, before.html, LIST_LIMIT) : null;
            }
            RemoteFile made = time.file() == null ? madeTime(before, json, html) : null;
            boolean same = file(json) == file(before.json) && file(html) == file(before.html);
            Layout layout = same ? before.layout : layout(file(json) != null ? file(json) : file(html));
            state = new State(time, made, json, html, layout, null);
        } catch (IOException e) {
            state = before.failed(e);
        }
    }

    /** Whether a list that has not changed is not sent again. */
    private static boolean canAskForChanges(State before) {
        Fetched list = before.json != null && before.json.file() == null ? before.html : before.json;
        return list == null || list.file() == null || !list.conditions().isEmpty();
    }

    /** The time of the list's last change, in the form of the missing file; null if the server does not say it. */
    private @Nullable RemoteFile madeTime(State before, @Nullable Fetched json, @Nullable Fetched html) {
        Fetched list = file(json) != null ? json : html;
        String header = list == null ? null : list.lastModified();
        Instant modified = header == null ? null : HttpDate.parse(header);
        if (list == null || list.file() == null || modified == null) {
            return null;
        }
        byte[] text = (TIME.format(modified) + "\n").getBytes(StandardCharsets.US_ASCII);
        URI uri = location.of(FileKind.LAST_MODIFIED);
        boolean same = before.madeTime != null && before.madeTime.holds(text);
        return same ? before.madeTime : new RemoteFile(uri, list.file().modified(), text);
    }

    /** Finds out where some of the listed projects have their files. */
    private Layout layout(@Nullable RemoteFile list) throws IOException {
        if (list == null) {
            return Layout.UNKNOWN;
        }
        Set<String> names = list.name().endsWith(".html")
                ? ProjectList.namesInHtml(list.read())
                : ProjectList.namesInJson(list.read());
        Boolean hashed = null;
        String documents = null;
        for (String project : some(names)) {
            hashed = hashed != null ? hashed : hashed(project);
            documents = documents != null ? documents : documents(project);
        }
        return new Layout(hashed, documents);
    }

    private static List<String> some(Set<String> names) {
        List<String> samples = new ArrayList<>();
        for (String name : names) {
            samples.add(name);
            if (samples.size() == SAMPLES) {
                break;
            }
        }
        return samples;
    }

    private @Nullable Boolean hashed(String project) throws IOException {
        for (String name : List.of("index.v1_json", "index.html")) {
            RemoteFile flat = sample(Layout.page(false, project, name));
            RemoteFile hashed = sample(Layout.page(true, project, name));
            if (flat != null && hashed != null) {
                // a tree whose layout was changed keeps the pages of the old one: the newer is the one still written
                return hashed.modified().compareTo(flat.modified()) > 0;
            }
            if (flat != null || hashed != null) {
                return hashed != null;
            }
        }
        return null;
    }

    private @Nullable String documents(String project) throws IOException {
        for (String directory : List.of("pypi", "json")) {
            if (sample(Layout.document(directory, project)) != null) {
                return directory;
            }
        }
        return null;
    }

    /** A file, or null if there is none that is what it should be: another sample will tell. */
    private @Nullable RemoteFile sample(String relative) throws IOException {
        try {
            return fetcher.fetch(relative, null, RemoteTree.LIMIT).file();
        } catch (IOException e) {
            return null;
        }
    }
}
