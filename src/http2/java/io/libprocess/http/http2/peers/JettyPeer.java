package io.libprocess.http.http2.peers;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty as a server and as a client. */
final class JettyPeer {

  private static final int MOST = 16 << 20;

  private JettyPeer() {}

  private static Map<String, String> fields(HttpFields headers) {
    Map<String, String> fields = new TreeMap<>();
    headers.forEach(
        field -> {
          if (field.getLowerCaseName().startsWith(Peer.PREFIX)) {
            fields.put(field.getLowerCaseName(), field.getValue());
          }
        });
    return fields;
  }

  /* ------ Server ------ */

  static Peer.Server server(SSLContext tls, Runnable cancelled) throws Exception {
    Server server = new Server();
    HttpConfiguration configuration = new HttpConfiguration();
    ServerConnector connector;
    if (tls == null) {
      connector =
          new ServerConnector(
              server,
              new HttpConnectionFactory(configuration),
              new HTTP2CServerConnectionFactory(configuration));
    } else {
      configuration.addCustomizer(new SecureRequestCustomizer());
      SslContextFactory.Server context = new SslContextFactory.Server();
      context.setSslContext(tls);
      ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory("h2");
      connector =
          new ServerConnector(
              server,
              new SslConnectionFactory(context, alpn.getProtocol()),
              alpn,
              new HTTP2ServerConnectionFactory(configuration));
    }
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract.NonBlocking() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            answer(request, response, callback, cancelled);
            return true;
          }
        });
    server.start();
    return new Peer.Server() {
      @Override
      public int port() {
        return connector.getLocalPort();
      }

      @Override
      public void close() throws Exception {
        server.stop();
      }
    };
  }

  private static void answer(
      Request request, Response response, Callback callback, Runnable cancelled) {
    if (request.getHttpURI().getPath().equals(Peer.WAIT)) {
      request.addFailureListener(
          why -> {
            cancelled.run();
            callback.failed(why);
          });
      return;
    }
    Content.Source.asByteBuffer(
        request,
        new Promise<ByteBuffer>() {
          @Override
          public void succeeded(ByteBuffer body) {
            fields(request.getHeaders()).forEach(response.getHeaders()::put);
            HttpFields trailers = request.getTrailers();
            if (trailers != null && trailers.contains(Peer.SENT)) {
              HttpFields seen = HttpFields.build().put(Peer.SEEN, trailers.get(Peer.SENT));
              response.setTrailersSupplier(() -> seen);
            }
            response.write(true, body, callback);
          }

          @Override
          public void failed(Throwable why) {
            callback.failed(why);
          }
        });
  }

  /* ------ Client ------ */

  static Peer.Client client(int port, SSLContext tls) throws Exception {
    ClientConnector connector = new ClientConnector();
    if (tls != null) {
      SslContextFactory.Client context = new SslContextFactory.Client();
      context.setSslContext(tls);
      connector.setSslContextFactory(context);
    }
    HttpClient client =
        new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client(connector)));
    client.start();
    String origin = (tls == null ? "http" : "https") + "://localhost:" + port;
    return new Peer.Client() {
      @Override
      public Peer.Call send(Peer.Question question) {
        return ask(client, origin, question);
      }

      @Override
      public void close() throws Exception {
        client.stop();
      }
    };
  }

  private static Peer.Call ask(HttpClient client, String origin, Peer.Question question) {
    org.eclipse.jetty.client.Request request =
        client
            .newRequest(origin + question.path())
            .method(HttpMethod.POST)
            .headers(headers -> question.fields().forEach(headers::put))
            .body(new BytesRequestContent(question.body()));
    if (question.trailer() != null) {
      HttpFields trailers = HttpFields.build().put(Peer.SENT, question.trailer());
      request.trailersSupplier(() -> trailers);
    }
    CompletableFuture<Peer.Answer> answer =
        new CompletableResponseListener(request, MOST)
            .send()
            .thenApply(
                response -> {
                  HttpFields trailers = response.getTrailers();
                  return new Peer.Answer(
                      response.getStatus(),
                      fields(response.getHeaders()),
                      response.getContent(),
                      trailers == null ? null : trailers.get(Peer.SEEN));
                });
    return new Peer.Call(answer, () -> request.abort(new CancellationException("given up")));
  }
}
