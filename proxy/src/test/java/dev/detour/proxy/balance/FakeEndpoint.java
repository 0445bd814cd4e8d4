package dev.detour.proxy.balance;

import dev.detour.health.endpoint.Standing;
import java.util.ArrayList;
import java.util.List;

/** An endpoint whose every quality a test may set. As it comes it is up, idle, warm, of weight 1, in tier 0 and no zone. */
final class FakeEndpoint implements Candidate {
    final int slot;
    private final String key;
    int priority;
    int weight = 1;
    boolean local;
    boolean drained;
    Standing standing = Standing.UP;
    double warmth = 1;
    int load;
    boolean room = true;

    FakeEndpoint(int slot) {
        this.slot = slot;
        key = "10.0.0." + slot + ":8443";
    }

    /** Endpoints with the slots from 0. */
    static List<FakeEndpoint> several(int count) {
        List<FakeEndpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            endpoints.add(new FakeEndpoint(i));
        }
        return endpoints;
    }

    FakeEndpoint weight(int value) {
        weight = value;
        return this;
    }

    FakeEndpoint standing(Standing value) {
        standing = value;
        return this;
    }

    long bit() {
        return 1L << slot;
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public int priority() {
        return priority;
    }

    @Override
    public int weight() {
        return weight;
    }

    @Override
    public boolean local() {
        return local;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public boolean drained() {
        return drained;
    }

    @Override
    public Standing standing() {
        return standing;
    }

    @Override
    public double warmth(long nowNanos) {
        return warmth;
    }

    @Override
    public int load() {
        return load;
    }

    @Override
    public boolean hasRoom() {
        return room;
    }

    @Override
    public String toString() {
        return "#" + slot + " tier " + priority + " weight " + weight + " " + standing + (local ? " local" : "")
                + (drained ? " drained" : "") + (room ? "" : " full") + " load " + load + " warmth " + warmth;
    }
}
