package dev.detour.mirror.interchange;

/** Told how an import goes, on the thread of the import. No method blocks or fails. */
public interface ImportObserver {
    /** An observer that does not care. */
    ImportObserver NONE = new ImportObserver() {};

    /** A project has been dealt with; {@code detail} is "" where there is nothing to say. */
    default void onProject(String project, ImportReport.Result result, String detail) {}

    /** Everything up to here is written: so many projects. Called about once for every thousand of them. */
    default void onWritten(long projects) {}
}
