/**
 * HTTP on processes and listeners: finds the process that a request is for, the route or file that
 * answers it, and whether the client may use it. The package knows neither nodes nor processes; the
 * package above it implements two small interfaces: a {@link io.libprocess.web.Directory} finds
 * processes by their ids, and each is a {@link io.libprocess.web.Receiver}.
 *
 * <h2>The way of a request</h2>
 *
 * <pre>
 *   RequestRouter   thread of the connection: canonical path, process or delegate, firewall
 *        |          Receiver.receive: the mailbox of the process
 *   Site            in the process: route or file, firewall for the paths above
 *        |          (the filter of the route, which passes the request on at once or later,
 *        |           identification if the authenticator needs no body, collection of the body,
 *        |           and again through the mailbox)
 *   AdmissionQueue  in the process: authentication, order, authorization
 *        |
 *   handler         in the process
 * </pre>
 *
 * <p>One object goes all this way, the {@link io.libprocess.web.PendingRequest}. It is answered
 * exactly once: by the step that refuses it, or by the handler. Its path is made {@linkplain
 * io.libprocess.http.grammar.CanonicalPath canonical} on arrival, and no decision is based on
 * another spelling.
 *
 * <p>A {@link io.libprocess.web.RouteService} does the same for a listener without a process, with
 * routes that do not change: each request goes its own way, on the threads that bring it.
 *
 * <h2>Threads, locks and callers</h2>
 *
 * <p><b>Threads and locks.</b> There are no locks. {@link io.libprocess.web.Site} with its routes
 * and its admission queue is used only in the process; futures that end elsewhere send the process
 * a step to run. {@link io.libprocess.web.AccessControl} and {@link io.libprocess.web.Firewall} may
 * be called by any thread; their contents are immutable values in volatile fields and concurrent
 * maps.
 *
 * <p><b>Who may call in.</b> The root package, which makes the router and the access control of a
 * node and the site of a process, and passes requests through mailboxes. Users' code (rules,
 * authenticators, callbacks of authorization, handlers) may throw anything, including errors: the
 * request is then answered with 500.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.web;
