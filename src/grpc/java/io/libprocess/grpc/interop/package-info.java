/**
 * gRPC together with grpc-java, as its server and as its client, without TLS and with it: the cases
 * of gRPC's own tests of interoperation. Messages are plain bytes, so no protobuf compiler is
 * needed.
 */
package io.libprocess.grpc.interop;
