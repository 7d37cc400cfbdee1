/**
 * Numbers about a running program: counters, gauges, histograms and stopwatches in a registry,
 * series of values over time, and their statistics.
 *
 * <p><b>Who may call in.</b> Any code, from any thread. A node has its own registry, which its
 * endpoint shows; each name can be taken once.
 *
 * <p><b>Threads.</b> The package has none. The function of a gauge runs on the thread that asks for
 * the value, for several threads at once. A snapshot that reaches its limit is completed on the
 * clock's thread.
 *
 * <p><b>Locks.</b> One for each series of values and each snapshot, held for a few instructions;
 * metrics without a history take none.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.metrics;
