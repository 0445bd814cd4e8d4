package dev.detour.admin.notify;

/** Is told how messages ended; called on the notifier's thread. */
@FunctionalInterface
public interface NotifyObserver {
    /** One message to the receiver of this name has ended. */
    void onSent(String receiver, Outcome outcome);
}
