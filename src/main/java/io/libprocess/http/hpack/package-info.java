/**
 * HPACK, the compression of header fields in HTTP/2 (RFC 7541): decoder, encoder, the Huffman code
 * and the tables.
 *
 * <p><b>Threads.</b> The decoder and the encoder belong to one connection and are used by the one
 * thread that works on it. The Huffman code and the static table are shared and never change.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> {@code http.http2}, and the server and the client, which map its
 * exceptions to errors of a connection.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.hpack;
