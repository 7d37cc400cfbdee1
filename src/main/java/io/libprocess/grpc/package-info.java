/**
 * gRPC: services whose methods are routes of a process, and a client. Messages are values that a
 * {@link io.libprocess.Codec} turns into bytes and back, such as those of a protobuf compiler:
 * {@code Codec.of(Reply::parseFrom, Reply::toByteArray)}.
 *
 * <p><b>Server.</b> The id of the process is the full name of the service, and each method is a
 * {@linkplain io.libprocess.http.Route#streaming streaming} route: see {@link
 * io.libprocess.grpc.Grpc}. Firewall, realms, filters and metrics apply as to any route. gRPC needs
 * HTTP/2, which a node speaks unless that is switched off ({@link
 * io.libprocess.Config.Builder#http2}): then calls end with {@link
 * io.libprocess.grpc.GrpcStatus#INTERNAL} and a text that says so.
 *
 * <p><b>Client.</b> A {@link io.libprocess.grpc.GrpcChannel} speaks HTTP/2 by prior knowledge
 * without TLS, and by ALPN with it, whatever the node's own client does.
 *
 * <p><b>Streams.</b> Messages come and go as {@link io.libprocess.stream.Stream}s: who is behind
 * closes the window of its stream of HTTP/2, and so slows down the other side, and no other call.
 *
 * <p><b>Threads.</b> The package has none. A handler is called in its process; with the first
 * message, if its method takes one, and otherwise when the head of the call has come. The functions
 * of its streams run on whatever threads bring the messages, unless {@link
 * io.libprocess.stream.Transform#on} says otherwise. Callbacks of futures run on runtime threads.
 *
 * <p><b>Locks.</b> A channel, and a call, have one each, which guards their state; nothing of users
 * or of other packages is called under it but the clock, to set timers.
 *
 * <p><b>Who may call in.</b> Users.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.grpc;
