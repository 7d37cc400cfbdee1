package io.libprocess.simulation.engine;

/**
 * Why a run failed.
 *
 * @param check the name of what did not hold; two runs failed alike if it is the same
 * @param message what is known about it; may be empty
 * @param cause null if nothing was thrown
 * @param time of the world, in nanoseconds
 */
public record Problem(String check, String message, Throwable cause, long time, long step) {}
