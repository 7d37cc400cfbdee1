/**
 * The content coding gzip: it is applied to the bodies of responses, and undone in those of
 * requests, and of responses to a client that asked for it. A stream is coded piece by piece as its
 * reader takes it.
 *
 * <p><b>Threads.</b> A coder belongs to one body, whose steps follow each other on whatever
 * threads; there are no locks. Coders hold native memory until their body has ended or is given up.
 *
 * <p><b>Who may call in.</b> The server and the client.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.coding;
