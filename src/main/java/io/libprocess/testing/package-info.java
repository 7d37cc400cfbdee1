/**
 * What tests of processes need: {@link io.libprocess.testing.Filters} see, drop or forbid events
 * before a process serves them, {@link io.libprocess.testing.Await} waits for futures and says what
 * it found instead, both also while the clock is paused. It works with any test framework: what is
 * wrong is an {@link AssertionError}.
 *
 * <p><b>Threads.</b> Filters are asked by the threads that are about to serve events, several at
 * once; awaits block the thread of the test and are refused in processes.
 *
 * <p><b>Locks.</b> Expectations of filters have one, under which no pattern of the user runs.
 *
 * <p><b>Who may call in.</b> Tests of users and of the library.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.testing;
