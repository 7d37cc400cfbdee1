/**
 * Clients and servers put together of the standard parts, in the order in which these work
 * together: {@link io.libprocess.service.stack.ClientStack} and {@link
 * io.libprocess.service.stack.ServerStack} say which order that is and why.
 *
 * <p><b>Who may call in.</b> Users, and all packages above; HTTP has stacks that know its rules.
 *
 * <p><b>Threads.</b> None. The builders are for one thread, what they build is for any.
 *
 * <p><b>Locks.</b> None.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.service.stack;
