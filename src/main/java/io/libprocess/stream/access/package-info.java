/**
 * The way from what other rooms write with {@code stream.stage} to the exported types of {@code
 * io.libprocess.stream}, which have nothing public that users must not call.
 *
 * <p>The rooms of files, sockets, subprocesses and HTTP call in, from any thread. There are no
 * locks.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.stream.access;
