package io.libprocess.http;

import io.libprocess.service.Filter;

/**
 * A filter of requests and responses, as {@link Route#filter}, {@code Config.Builder.filter} and
 * {@link HttpListener.Builder#filter} take them. It is asked for several requests at once, on
 * threads that must not be blocked.
 *
 * <pre>{@code
 * HttpFilter timed = (request, next) -> next.call(request).map(r -> r.withHeader("Server", "x"));
 * }</pre>
 */
@FunctionalInterface
public interface HttpFilter extends Filter<Request, Response, Request, Response> {}
