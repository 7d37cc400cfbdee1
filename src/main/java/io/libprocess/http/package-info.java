/**
 * HTTP/1.1: requests, responses, headers and bodies as values, and the server and client that read
 * and write them. Every part of what a peer sends has a limit, and a body may be a stream that is
 * produced and consumed as it travels.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http;
