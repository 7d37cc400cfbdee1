package io.libprocess.http.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** The results of a parser for some bytes, independent of how a body was cut. */
record Parsed(List<Message> messages, Optional<String> rejection, boolean inHead, boolean inBody) {

  /** One request; {@code trailers} is null if its body did not end. */
  public record Message(Request head, boolean expectsContinue, String body, Headers trailers) {
    /** Requests have no equality, so that of their parts. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Message message && message.toString().equals(toString());
    }

    @Override
    public int hashCode() {
      return toString().hashCode();
    }

    @Override
    public String toString() {
      StringBuilder fields = new StringBuilder();
      for (int i = 0; i < head.headers().size(); i++) {
        fields.append(head.headers().name(i)).append('=').append(head.headers().value(i));
        fields.append(';');
      }
      return head
          + " path="
          + head.path()
          + " "
          + head.version()
          + (head.keepAlive() ? " keep" : " close")
          + (expectsContinue ? " expects" : "")
          + " {"
          + fields
          + "} <"
          + body
          + "> "
          + trailers;
    }
  }

  private static final int MOST_EVENTS = 1_000_000;

  /** Parses text in ISO 8859-1: whole, byte by byte and in between, and compares. */
  public static Parsed parse(String wire) {
    return parse(wire, Limits.defaults());
  }

  public static Parsed parse(String wire, Limits limits) {
    return parse(wire.getBytes(StandardCharsets.ISO_8859_1), limits);
  }

  public static Parsed parse(byte[] wire, Limits limits) {
    Parsed whole = parse(wire, limits, Cuts.WHOLE);
    for (int step : new int[] {1, 2, 3, 7, 100}) {
      assertEquals(whole, parse(wire, limits, at -> step), "in pieces of " + step);
    }
    return whole;
  }

  /** Parses pieces whose sizes are a function of where they begin. */
  public static Parsed parse(byte[] wire, Limits limits, IntUnaryOperator sizes) {
    RequestParser parser = new RequestParser(limits);
    Collector collector = new Collector(parser);
    Cuts.feed(
        wire,
        sizes,
        piece -> {
          parser.feed(piece);
          collector.drain();
        });
    return collector.parsed();
  }

  private static final class Collector {
    final RequestParser parser;
    final List<Message> messages = new ArrayList<>();
    Request head;
    boolean expectsContinue;
    StringBuilder body = new StringBuilder();
    int events;

    public Collector(RequestParser parser) {
      this.parser = parser;
    }

    public void drain() {
      for (MessageParser.Event event = parser.next();
          event != MessageParser.Event.STARVED && event != MessageParser.Event.REJECTED;
          event = parser.next()) {
        assertTrue(++events < MOST_EVENTS, "too many events");
        switch (event) {
          case HEAD -> {
            head = parser.request(Body.empty(), Future.of(Headers.empty()), null, 0);
            expectsContinue = parser.expectsContinue();
          }
          case PIECE -> {
            byte[] piece = parser.piece().toArray();
            assertTrue(piece.length > 0, "an empty piece");
            body.append(new String(piece, StandardCharsets.ISO_8859_1));
          }
          default -> end(parser.takeTrailers());
        }
      }
    }

    private void end(Headers trailers) {
      messages.add(new Message(head, expectsContinue, body.toString(), trailers));
      head = null;
      body = new StringBuilder();
    }

    public Parsed parsed() {
      if (head != null) {
        end(null);
      }
      Optional<String> rejection =
          parser.next() == MessageParser.Event.REJECTED
              ? Optional.of(
                  Status.of(parser.rejection().code()) + ": " + parser.rejection().reason())
              : Optional.empty();
      return new Parsed(messages, rejection, parser.isInsideHead(), parser.isInsideBody());
    }
  }

  /** The only request, which is complete. */
  public Message only() {
    assertEquals(Optional.empty(), rejection);
    assertEquals(1, messages.size(), messages::toString);
    assertTrue(messages.get(0).trailers() != null, "the body did not end");
    assertEquals(List.of(false, false), List.of(inHead, inBody));
    return messages.get(0);
  }

  /** The code of the rejection, or 0. */
  public int code() {
    return rejection.map(text -> Integer.parseInt(text, 0, 3, 10)).orElse(0);
  }
}
