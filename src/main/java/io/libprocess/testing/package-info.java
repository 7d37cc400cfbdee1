/**
 * Support for tests of processes: {@link io.libprocess.testing.Filters} see, drop or forbid events
 * before a process serves them, and {@link io.libprocess.testing.Await} waits for futures and
 * reports unexpected ends; both work even while the clock is paused. The package works with any
 * test framework: an unmet expectation is an {@link AssertionError}.
 *
 * <p><b>Threads.</b> Filters are asked by the threads that are about to serve events, several at
 * once; awaits block the thread of the test and are refused in processes.
 *
 * <p><b>Locks.</b> Expectations of filters have one, under which no user's pattern runs.
 *
 * <p><b>Who may call in.</b> Tests of users and of the library.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.testing;
