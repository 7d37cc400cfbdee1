/**
 * The observer: a page that shows a node live, at {@code /observer}, and the data behind it. {@link
 * io.libprocess.observer.Observer} makes the {@link io.libprocess.endpoints.Endpoint}; what there
 * is to see of the node comes in by {@link io.libprocess.observer.ObservedNode}. The page itself
 * are the files in {@code page} beside this one: HTML, CSS and JavaScript as they are written,
 * served by {@link io.libprocess.observer.Page} with a policy that lets them load nothing from
 * elsewhere.
 *
 * <p>An open page holds one stream of server-sent events ({@link
 * io.libprocess.observer.EventStream}). While at least one of them has room for the next event, a
 * {@link io.libprocess.observer.Observation} looks at the node once a second and tells all of them
 * what has changed. So nothing is looked at while no page is open, nor for pages that do not read;
 * what only one view needs is asked for by requests of that view.
 *
 * <p><b>Threads and locks.</b> Handlers are called in the process {@code observer} and only begin
 * things. Samples are taken, and answers made, where blocking calls run. Each class guards what it
 * keeps by its own monitor, under which no other class of this room is called, but for the sampler,
 * which calls streams, and streams, which only write into their pipes.
 *
 * <p><b>Who may call in.</b> The room {@code node}, which lists the endpoints of a node.
 */
package io.libprocess.observer;
