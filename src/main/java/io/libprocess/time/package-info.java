/**
 * What time it is and what happens when: a {@code Clock} that tells the real time, or one that is
 * paused and moves only when told to, and the timers that run on it. Starting and cancelling a
 * timer takes constant time however many are pending.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.time;
