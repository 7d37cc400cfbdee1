/**
 * The standard filters for services, and their policies: timeouts, deadlines, retries with a budget
 * and waiting times, limits, admission by what servers refuse, backup requests, and metrics. All
 * time is that of a {@link io.libprocess.time.Clock}, all chance comes from a generator that is
 * given, so what they do can be tested and repeated.
 *
 * <p><b>Responses that must not get lost.</b> A filter that may drop a response, because another
 * one came first or a discard was requested, takes a function that releases it. One whose body is a
 * stream has to be closed.
 *
 * <p><b>Who may call in.</b> Users, and all packages above.
 *
 * <p><b>Threads.</b> The package has none. Callbacks run where a response is completed; timeouts
 * and the ends of waiting times run on the clock's thread.
 *
 * <p><b>Locks.</b> {@code NackAdmission}, {@code BackupRace}, {@code LatencyWindow} and {@code
 * MetricsFilter} have one each, held for a few instructions and never while a service is called or
 * a future completed.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.service.filter;
