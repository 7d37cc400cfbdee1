package io.libprocess.http.client;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Response;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.BodyAccess;
import io.libprocess.http.http1.ResponseParser;
import io.libprocess.http.http2.StreamBody;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives out the responses of a connection: with bytes if all of them have arrived together with the
 * head, otherwise as streams. Used by the thread that works on the connection.
 */
final class Http2ClientResponses {

  private static final BodyAccess<Body.Streamed> BODIES = Access.to(Body.Streamed.class);
  private static final Runnable NOTHING = () -> {};

  private final Transport.Channel channel;
  private final List<Http2ClientStream> headed = new ArrayList<>(); // The head has just come.

  Http2ClientResponses(Transport.Channel channel) {
    this.channel = channel;
  }

  /** Notes that the head of a response has come, and the body has not. */
  void add(Http2ClientStream stream) {
    headed.add(stream);
  }

  /** Gives out the responses whose bodies have not arrived with their heads. */
  void giveOut() {
    for (Http2ClientStream stream : headed) {
      if (!stream.isClosed()) {
        stream.body = new StreamBody(stream, stream.receive);
        for (Chunk piece = stream.pieces.poll(); piece != null; piece = stream.pieces.poll()) {
          stream.body.add(piece);
        }
        stream.body.onReaderClosed(() -> giveUp(stream)); // The rest need not be sent.
        Body streamed =
            BODIES.streamed(
                stream.body.reader(),
                NOTHING,
                () -> giveUp(stream),
                MemoryBudget.of(channel).share());
        stream.exchange.answer(
            new Response(stream.status, stream.headers, streamed, stream.body.trailers()));
      }
    }
    headed.clear();
  }

  private static void giveUp(Http2ClientStream stream) {
    stream.givenUp = true;
    stream.ask();
  }

  /** Gives out a response, or the rest of one, of which all has arrived. */
  void end(Http2ClientStream stream, Headers trailers) {
    if (stream.body != null) {
      stream.body.end(trailers);
      return;
    }
    Body body = stream.pieces.isEmpty() ? Body.empty() : Body.of(stream.pieces.takeAll());
    Future<Headers> known = trailers.isEmpty() ? ResponseParser.NO_TRAILERS : Future.of(trailers);
    stream.exchange.answer(new Response(stream.status, stream.headers, body, known));
  }
}
