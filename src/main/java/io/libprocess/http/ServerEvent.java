package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.grammar.EventStreamParser;
import io.libprocess.internal.Saturating;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import io.libprocess.stream.access.Streams;
import io.libprocess.stream.operator.ConcatMapStage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An event that a server sends while its response goes on, as defined by the HTML standard ({@code
 * text/event-stream}).
 *
 * @param type the kind of event; {@code message} by default
 * @param data the text, of any number of lines; {@code \r} and {@code \r\n} arrive as {@code \n}
 * @param id the id by which a client that reconnects tells which event it got last; by default the
 *     one of the event before, and empty if there is none
 * @param retry how long clients should wait before they connect again, in whole milliseconds
 */
public record ServerEvent(String type, String data, String id, Optional<Duration> retry) {

  static final String MEDIA_TYPE = "text/event-stream";

  private static final String DEFAULT_TYPE = "message";

  /**
   * Checks that the event can be sent.
   *
   * @throws IllegalArgumentException if the type or the id has a line end, the id a NUL, or the
   *     time is negative
   */
  public ServerEvent {
    requireLine("type", type);
    requireNonNull(data, "data");
    requireLine("id", id);
    if (id.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("id with a NUL");
    }
    if (retry.filter(Duration::isNegative).isPresent()) {
      throw new IllegalArgumentException("retry < 0: " + retry.get());
    }
  }

  private static void requireLine(String name, String text) {
    if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(name + " with a line end: '" + text + "'");
    }
  }

  /** A plain message. */
  public static ServerEvent of(String data) {
    return of(DEFAULT_TYPE, data);
  }

  /** An event of a type. */
  public static ServerEvent of(String type, String data) {
    return new ServerEvent(type, data, "", Optional.empty());
  }

  /** A copy with another id. */
  public ServerEvent withId(String id) {
    return new ServerEvent(type, data, id, retry);
  }

  /** A copy with a time to wait before reconnecting. */
  public ServerEvent withRetry(Duration retry) {
    return new ServerEvent(type, data, id, Optional.of(retry));
  }

  /** Encodes events as bytes. For a response see {@link Response#events}. */
  public static Transform<ServerEvent, Chunk> encode() {
    return Transform.map(event -> Chunk.utf8(event.encoded()));
  }

  /**
   * Decodes the events of a stream of bytes, such as that of a {@linkplain HttpClient#stream
   * response}. An event that is incomplete at the end is dropped. Fails if a line, or the data of
   * an event, is longer than {@code most}.
   *
   * @throws IllegalArgumentException if {@code most} is negative
   */
  public static Transform<Chunk, ServerEvent> decode(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("most < 0: " + most);
    }
    return Streams.transform(
        (run, down) -> {
          EventStreamParser<ServerEvent> parser =
              new EventStreamParser<>(most, ServerEvent::parsed);
          return new ConcatMapStage<Chunk, ServerEvent>(
              run, down, chunk -> Streams.source(Stream.from(events(parser, chunk))));
        });
  }

  private static List<ServerEvent> events(EventStreamParser<ServerEvent> parser, Chunk chunk) {
    try {
      return parser.parse(chunk.asByteBuffer());
    } finally {
      chunk.release();
    }
  }

  private static ServerEvent parsed(String type, String data, String id, long retry) {
    return new ServerEvent(
        type, data, id, retry < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(retry)));
  }

  private String encoded() {
    StringBuilder text = new StringBuilder();
    if (!type.equals(DEFAULT_TYPE)) {
      text.append("event: ").append(type).append('\n');
    }
    if (!id.isEmpty()) {
      text.append("id: ").append(id).append('\n');
    }
    retry.ifPresent(time -> text.append("retry: ").append(Saturating.millis(time)).append('\n'));
    for (String line : data.split("\r\n|\r|\n", -1)) {
      text.append("data: ").append(line).append('\n');
    }
    return text.append('\n').toString();
  }
}
