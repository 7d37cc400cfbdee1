/**
 * Forms that browsers and other clients send: fields and files in memory ({@link
 * io.libprocess.http.form.Form}), or parts as streams, as they arrive ({@link
 * io.libprocess.http.form.Multipart}).
 *
 * <p><b>Threads.</b> The room has none. A body is taken apart where its pieces arrive, by one
 * thread at a time; what reads a part is called there and must not block.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> Users; the library uses none of it.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.form;
