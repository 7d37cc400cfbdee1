/**
 * The observer: a page that shows a node live, at {@code /observer}, and the data behind it. {@link
 * io.libprocess.observer.Observer} makes the {@link io.libprocess.endpoints.Endpoint}; it sees the
 * node through {@link io.libprocess.observer.ObservedNode}. The page itself consists of the files
 * in {@code page} beside this one: HTML, CSS and JavaScript as they are written, served by {@link
 * io.libprocess.observer.Page} with a policy that lets them load nothing from elsewhere.
 *
 * <p>An open page holds one stream of server-sent events ({@link
 * io.libprocess.observer.EventStream}). While at least one of them has room for the next event, a
 * {@link io.libprocess.observer.Observation} looks at the node once a second and sends the changes
 * to all of them. So nothing is looked at while no page is open, or for pages that do not read;
 * data that only one view needs is fetched by requests of that view.
 *
 * <p><b>Threads and locks.</b> Handlers are called in the process {@code observer} and only begin
 * the work. Samples are taken, and answers made, on the threads for blocking calls. Each class
 * guards its state by its own monitor, under which no other class of this package is called, except
 * that the sampler calls streams, and streams write into their pipes.
 *
 * <p><b>Who may call in.</b> The package {@code node}, which lists the endpoints of a node.
 */
package io.libprocess.observer;
