package io.libprocess.http.http2.peers;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Headers;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.http.Version;
import io.libprocess.net.Address;
import io.libprocess.net.Tls;
import io.libprocess.stream.Chunk;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** This library as a server and as a client. */
final class OurPeer {

  private static final int MOST = 16 << 20;

  private OurPeer() {}

  static Peer.Server server(Tls tls, Runnable cancelled) throws Exception {
    HttpListener.Builder builder =
        HttpListener.builder().http2(true).otherwise(request -> answer(request, cancelled));
    if (tls != null) {
      builder.tls(tls);
    }
    HttpListener listener = builder.start(Address.loopback(0));
    return new Peer.Server() {
      @Override
      public int port() {
        return listener.address().inet().orElseThrow().port();
      }

      @Override
      public void close() {
        listener.close();
      }
    };
  }

  private static Future<Response> answer(Request request, Runnable cancelled) {
    if (request.version() != Version.HTTP_2) {
      return Future.of(Response.of(505));
    }
    if (request.path().equals(Peer.WAIT)) {
      Promise<Response> never = new Promise<>();
      never
          .future()
          .onDiscard(
              () -> {
                cancelled.run();
                never.discard();
              });
      return never.future();
    }
    return request
        .buffered(MOST)
        .map(
            whole -> {
              Response response = Response.ok(whole.bytes(), "application/octet-stream");
              for (Map.Entry<String, String> field : fields(whole.headers()).entrySet()) {
                response = response.withHeader(field.getKey(), field.getValue());
              }
              return response.withTrailers(
                  whole
                      .trailers()
                      .map(
                          trailers ->
                              trailers
                                  .first(Peer.SENT)
                                  .map(value -> Headers.of(Peer.SEEN, value))
                                  .orElse(Headers.empty())));
            });
  }

  private static Map<String, String> fields(Headers headers) {
    Map<String, String> fields = new TreeMap<>();
    for (Headers.Field field : headers) {
      if (field.name().startsWith(Peer.PREFIX)) {
        fields.put(field.name(), field.value());
      }
    }
    return fields;
  }

  static Peer.Client client(int port, Tls tls) {
    ClientSettings.Builder settings = ClientSettings.builder();
    if (tls == null) {
      settings.http2(ClientSettings.Http2.PRIOR_KNOWLEDGE);
    } else {
      settings.http2(ClientSettings.Http2.ALPN).tls(tls);
    }
    HttpClient client = HttpClient.start(settings.build());
    String origin = (tls == null ? "http" : "https") + "://localhost:" + port;
    return new Peer.Client() {
      @Override
      public Peer.Call send(Peer.Question question) {
        Request request = Request.post("/", Body.of(Chunk.of(question.body())));
        for (Map.Entry<String, String> field : question.fields().entrySet()) {
          request = request.withHeader(field.getKey(), field.getValue());
        }
        if (question.trailer() != null) {
          request = request.withTrailers(Future.of(Headers.of(Peer.SENT, question.trailer())));
        }
        return call(client.stream(Url.parse(origin + question.path()), request));
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  private static Peer.Call call(Future<Response> response) {
    CompletableFuture<Peer.Answer> answer = new CompletableFuture<>();
    response
        .then(head -> head.buffered(MOST))
        .then(
            whole ->
                whole
                    .trailers()
                    .map(
                        trailers ->
                            new Peer.Answer(
                                whole.status().code(),
                                fields(whole.headers()),
                                whole.bytes().toArray(),
                                trailers.first(Peer.SEEN).orElse(null))))
        .onReady(answer::complete)
        .onFailed(answer::completeExceptionally)
        .onDiscarded(() -> answer.cancel(false));
    return new Peer.Call(answer, () -> response.discard());
  }
}
