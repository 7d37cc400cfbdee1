package io.libprocess.grpc;

import static java.util.Objects.requireNonNull;

import io.libprocess.Codec;

/**
 * A method of a service.
 *
 * @param service the full name of the service, such as {@code helloworld.Greeter}
 * @param name the name of the method, such as {@code SayHello}
 * @param kind how many messages go each way
 * @param requests the codec of the messages to the server
 * @param replies the codec of the messages from the server
 * @param <Q> the type of the requests
 * @param <R> the type of the replies
 */
public record GrpcMethod<Q, R>(
    String service, String name, Kind kind, Codec<Q> requests, Codec<R> replies) {

  /** How many messages go each way. */
  public enum Kind {
    /** One, and one back. */
    UNARY,
    /** One, and any number back. */
    SERVER_STREAMING,
    /** Any number, and one back. */
    CLIENT_STREAMING,
    /** Any number each way, in any order. */
    BIDIRECTIONAL;

    boolean takesOne() {
      return this == UNARY || this == SERVER_STREAMING;
    }
  }

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if one is empty, or has characters other than letters, digits,
   *     {@code _}, {@code -} and {@code .}
   */
  public GrpcMethod {
    check("service", service);
    check("method", name);
    requireNonNull(kind, "kind");
    requireNonNull(requests, "requests");
    requireNonNull(replies, "replies");
  }

  private static void check(String what, String name) {
    if (name.isEmpty() || !name.chars().allMatch(GrpcMethod::isLegal)) {
      throw new IllegalArgumentException("not the name of a " + what + ": '" + name + "'");
    }
  }

  private static boolean isLegal(int c) {
    return c < 0x7F && Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  /** A method with one message each way. */
  public static <Q, R> GrpcMethod<Q, R> unary(
      String service, String name, Codec<Q> requests, Codec<R> replies) {
    return new GrpcMethod<>(service, name, Kind.UNARY, requests, replies);
  }

  /** A method with one request and a stream of replies. */
  public static <Q, R> GrpcMethod<Q, R> serverStreaming(
      String service, String name, Codec<Q> requests, Codec<R> replies) {
    return new GrpcMethod<>(service, name, Kind.SERVER_STREAMING, requests, replies);
  }

  /** A method with a stream of requests and one reply. */
  public static <Q, R> GrpcMethod<Q, R> clientStreaming(
      String service, String name, Codec<Q> requests, Codec<R> replies) {
    return new GrpcMethod<>(service, name, Kind.CLIENT_STREAMING, requests, replies);
  }

  /** A method with streams both ways. */
  public static <Q, R> GrpcMethod<Q, R> bidirectional(
      String service, String name, Codec<Q> requests, Codec<R> replies) {
    return new GrpcMethod<>(service, name, Kind.BIDIRECTIONAL, requests, replies);
  }

  /** The path of its calls: {@code /service/name}. */
  public String path() {
    return "/" + service + "/" + name;
  }

  /** The path. */
  @Override
  public String toString() {
    return path();
  }
}
