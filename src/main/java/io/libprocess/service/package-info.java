/**
 * Services and what is put before them: a {@link io.libprocess.service.Service} is a function of a
 * request whose response comes later, a {@link io.libprocess.service.Filter} one of a request and
 * the service behind it, and a {@link io.libprocess.service.ServiceFactory} gives services for a
 * time, such as connections. The same types stand for clients and servers. The model is that of
 * Eriksen, "Your Server as a Function" (2013).
 *
 * <p><b>Failures.</b> Whatever a filter or a service throws becomes a failed future for the filter
 * before it. A {@link io.libprocess.service.FlaggedFailure} says whether it is safe to try again; a
 * {@link io.libprocess.service.ResponseClassifier} says what outcomes mean, values included.
 *
 * <p><b>Packages.</b> {@code service.filter} has the standard filters, {@code service.balance}
 * distributes requests and keeps sessions, {@code service.stack} builds clients and servers of
 * both.
 *
 * <p><b>Who may call in.</b> Users, and all packages above, of which HTTP is one.
 *
 * <p><b>Threads.</b> The package has none: callbacks run where a response is completed. All types
 * are for any thread.
 *
 * <p><b>Locks.</b> None.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.service;
