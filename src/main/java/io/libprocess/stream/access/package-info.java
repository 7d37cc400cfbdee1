/**
 * The way from what other rooms write with {@code stream.stage} to the exported types of {@code
 * io.libprocess.stream}, which have nothing public that users must not call.
 *
 * <p><b>Who may call in.</b> The rooms of files, sockets, subprocesses and HTTP.
 *
 * <p><b>Threads and locks.</b> There are none; all of it is for any thread.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.stream.access;
