/**
 * What tests of processes need: {@link io.libprocess.testing.Filters} see, drop or forbid events
 * before a process serves them, {@link io.libprocess.testing.Await} waits for futures and says what
 * it found instead, both also while the clock is paused. It works with any test framework: what is
 * wrong is an {@link AssertionError}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.testing;
