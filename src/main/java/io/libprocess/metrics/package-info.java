/**
 * Numbers about a running program: counters, gauges, histograms and stopwatches in a registry,
 * series of values over time, and what can be said of them.
 *
 * <p><b>Who may call in.</b> Anybody, from any thread. A node has a registry of its own, which its
 * endpoint shows; names are taken once.
 *
 * <p><b>Threads.</b> The package has none. The function of a gauge runs on the thread of whoever
 * asks for the value, for several at once. A snapshot that reaches its limit is completed on the
 * clock's thread.
 *
 * <p><b>Locks.</b> One for each series of values and each snapshot, held for a few instructions;
 * metrics without a history take none.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.metrics;
