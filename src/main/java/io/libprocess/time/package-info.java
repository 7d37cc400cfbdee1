/**
 * Clocks and timers: a {@link io.libprocess.time.Clock} that tells the real time, or one that is
 * paused and moves only when told to, and the timers that run on it. Starting and cancelling a
 * timer takes constant time however many are pending (a hierarchical timing wheel).
 *
 * <p><b>Who may call in.</b> Any code, from any thread. Use {@link
 * io.libprocess.time.Clock#nanoTime} to measure how long something takes, and {@link
 * io.libprocess.time.Clock#now} for a date. The runtime binds its threads to a clock, so that
 * {@link io.libprocess.time.Clock#current} is that of the node. {@link
 * io.libprocess.time.ClockDriver} is for code that makes time pass itself; the default source of
 * time is named only in {@link io.libprocess.time.TimeSource#system}.
 *
 * <p><b>Threads.</b> A clock has one daemon thread, {@code libprocess-clock}, from its first timer
 * on; a clock of a driver has none. It runs the functions of timers one after another and survives
 * them. Before one of them waits for a future, another thread goes on with the timers.
 *
 * <p><b>Locks.</b> One for each clock, held for a few instructions; nothing is allocated and no
 * user code runs under it.
 *
 * <p>Elapsed and wall time are nanoseconds that fit in 64 bits, that is from 1677 to {@code
 * 2262-04-11 23:47:16.854775807}; times beyond are moved to the nearer end, so the longest
 * durations mean for ever.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.time;
