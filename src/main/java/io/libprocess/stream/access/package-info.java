/**
 * Conversions between the stages that other packages write with {@code stream.stage} and the
 * exported types of {@code io.libprocess.stream}; so these need no public methods that users must
 * not call.
 *
 * <p><b>Who may call in.</b> The packages for files, sockets, subprocesses and HTTP.
 *
 * <p><b>Threads and locks.</b> There are none; any thread may use the package.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.stream.access;
