package io.libprocess.grpc;

import io.libprocess.Codec;
import io.libprocess.Exit;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.Future;
import io.libprocess.http.Route;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * The service {@code grpc.health.v1.Health}: whether the node serves, and its services, each of
 * which does while its process lives. Its two messages, each with one field, are read and written
 * here as protobuf has them.
 */
final class HealthService extends Process<HealthService> {

  static final String NAME = "grpc.health.v1.Health";

  /** The numbers on the wire. */
  enum State {
    UNKNOWN,
    SERVING,
    NOT_SERVING,
    SERVICE_UNKNOWN
  }

  private static final Duration INTERVAL = Duration.ofSeconds(1); // Of looks for a watcher.
  private static final int NAME_FIELD = 1 << 3 | 2; // Field 1, with a length.
  private static final int STATE_FIELD = 1 << 3; // Field 1, a number.
  private static final int TYPES = 7;

  /** The name of a service in a request; empty for the node. */
  static final Codec<String> NAMES = Codec.of(HealthService::name, HealthService::request);

  static final Codec<State> STATES = Codec.of(HealthService::state, HealthService::reply);

  HealthService() {
    super(NAME);
  }

  @Override
  protected void initialize() {
    route(Route.at("/Check").streaming(), Grpc.unary(NAMES, STATES, this::check));
    route(Route.at("/Watch").streaming(), Grpc.serverStreaming(NAMES, STATES, this::watch));
  }

  private Future<State> check(String service) {
    State state = state(service);
    return state == State.SERVICE_UNKNOWN
        ? Future.failed(new GrpcException(GrpcStatus.NOT_FOUND, "no service '" + service + "'"))
        : Future.of(state);
  }

  /** The state now and whenever it is found to have changed, until the node is closed. */
  private Stream<State> watch(String service) {
    State[] last = {null};
    return Stream.concat(List.of(Stream.of(0L), Stream.ticks(INTERVAL)))
        .map(
            tick -> {
              if (tick > 0 && node().isClosing() && last[0] == State.NOT_SERVING) {
                throw new GrpcException(GrpcStatus.UNAVAILABLE, "the node is closed");
              }
              return state(service);
            })
        .via(
            Transform.filter(
                state -> {
                  boolean changed = state != last[0];
                  last[0] = state;
                  return changed;
                }));
  }

  private State state(String service) {
    boolean drains = node().isClosing() || node().config().health().isDraining();
    if (service.isEmpty()) {
      return drains ? State.NOT_SERVING : State.SERVING;
    }
    Future<Exit> end = node().exit(new UPID(service, node().address()));
    if (!end.isPending()) {
      return State.SERVICE_UNKNOWN;
    }
    end.discard();
    return drains ? State.NOT_SERVING : State.SERVING;
  }

  /* ------ Messages ------ */

  private static byte[] request(String service) {
    byte[] name = service.getBytes(StandardCharsets.UTF_8);
    if (name.length == 0) {
      return name;
    }
    if (name.length > Byte.MAX_VALUE) {
      throw new IllegalArgumentException("the name of a service has " + name.length + " bytes");
    }
    byte[] message = new byte[2 + name.length];
    message[0] = NAME_FIELD;
    message[1] = (byte) name.length;
    System.arraycopy(name, 0, message, 2, name.length);
    return message;
  }

  private static byte[] reply(State state) {
    return new byte[] {STATE_FIELD, (byte) state.ordinal()};
  }

  private static String name(byte[] message) {
    Fields fields = new Fields(message);
    String name = "";
    while (fields.hasNext()) {
      int tag = (int) fields.number();
      if (tag == NAME_FIELD) {
        name = new String(message, fields.skip(tag), fields.length, StandardCharsets.UTF_8);
      } else {
        fields.skip(tag);
      }
    }
    return name;
  }

  private static State state(byte[] message) {
    Fields fields = new Fields(message);
    State state = State.UNKNOWN;
    while (fields.hasNext()) {
      int tag = (int) fields.number();
      if (tag == STATE_FIELD) {
        state = State.values()[(int) fields.number()];
      } else {
        fields.skip(tag);
      }
    }
    return state;
  }

  /** The fields of a message of protobuf, one after the other. */
  private static final class Fields {
    private final byte[] message;
    private int at;
    private int length; // Of the field that was skipped last, if it has one.

    Fields(byte[] message) {
      this.message = message;
    }

    boolean hasNext() {
      return at < message.length;
    }

    /** The number that comes next. */
    long number() {
      long number = 0;
      for (int shift = 0; ; shift += 7) {
        if (!hasNext() || shift >= Long.SIZE) {
          throw new IllegalArgumentException("not a number at " + at);
        }
        byte part = message[at++];
        number |= (long) (part & 0x7F) << shift;
        if (part >= 0) {
          return number;
        }
      }
    }

    /** Skips the content of a field; returns where it begins, after a length. */
    int skip(int tag) {
      long size =
          switch (tag & TYPES) {
            case 0 -> {
              number();
              yield 0;
            }
            case 1 -> Long.BYTES;
            case 2 -> number();
            case 5 -> Integer.BYTES;
            default -> throw new IllegalArgumentException("not the tag of a field: " + tag);
          };
      if (size < 0 || size > message.length - at) {
        throw new IllegalArgumentException("a field of " + size + " bytes at " + at);
      }
      length = (int) size;
      int start = at;
      at += length;
      return start;
    }
  }
}
