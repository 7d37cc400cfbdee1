/**
 * Numbers about a running program: counters, gauges and timers in a registry, series of values over
 * time, and what can be said of them.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.metrics;
