/**
 * What time it is and what happens when: a {@link io.libprocess.time.Clock} that tells the real
 * time, or one that is paused and moves only when told to, and the timers that run on it. Starting
 * and cancelling a timer takes constant time however many are pending.
 *
 * <p>Points in time are nanoseconds since 1970 that fit in 64 bits, that is from 1677 to {@code
 * 2262-04-11 23:47:16.854775807}; what lies beyond is moved to the nearer end.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.time;
