/**
 * Filters that a server puts before its routes: who may read answers from another origin ({@link
 * io.libprocess.http.filter.Cors}), what was asked ({@link io.libprocess.http.filter.AccessLog},
 * {@link io.libprocess.http.filter.RequestId}), what browsers are told ({@link
 * io.libprocess.http.filter.SecurityHeaders}, {@link io.libprocess.http.filter.CacheValidators}),
 * and how much there may be ({@link io.libprocess.http.filter.RateLimit}, {@link
 * io.libprocess.http.filter.ConcurrentRequests}, {@link io.libprocess.http.filter.Compression}).
 *
 * <p>{@code Route.filter} puts them around one route, {@code Config.Builder.filter} around all
 * routes of a node, and {@code HttpListener.Builder.filter} around those of a listener. The first
 * one that is added is the outermost: log first, then request id, CORS, headers and limits.
 *
 * <p><b>Threads.</b> The room has none: filters run on those that bring requests and answers, for
 * several requests at once, and do not block.
 *
 * <p><b>Locks.</b> {@code RateLimit} holds one of its own while it looks up who asks.
 *
 * <p><b>Who may call in.</b> Users; the library uses none of them.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.filter;
