/**
 * HTTP/2 together with Jetty and with Netty's frame codec, each as server and as client, without
 * TLS and with ALPN; and HPACK with Netty's. Tests wait for what other threads do, with generous
 * limits.
 */
package io.libprocess.http.http2.peers;
