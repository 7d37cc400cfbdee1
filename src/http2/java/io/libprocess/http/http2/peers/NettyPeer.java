package io.libprocess.http.http2.peers;

import io.libprocess.net.tls.Certificates.Identity;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Netty's frame codec as a server and as a client. */
final class NettyPeer {

  private static final long PATIENCE_SECONDS = 50;

  private NettyPeer() {}

  private static EventLoopGroup threads() {
    return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  }

  private static void end(EventLoopGroup threads) {
    threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /* ------ TLS ------ */

  static SslContext serverTls(Identity identity) throws Exception {
    return alpn(
        SslContextBuilder.forServer(identity.certificate().toFile(), identity.key().toFile()));
  }

  static SslContext clientTls(Identity authority) throws Exception {
    return alpn(SslContextBuilder.forClient().trustManager(authority.certificate().toFile()));
  }

  private static SslContext alpn(SslContextBuilder builder) throws Exception {
    return builder
        .sslProvider(SslProvider.JDK)
        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1))
        .build();
  }

  /** Adds the codec at once, or when TLS has chosen HTTP/2; another choice closes the channel. */
  private static ChannelHandler speaking(SslContext tls, Runnable chosen, CodecOf codec) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        if (tls == null) {
          codec.add(channel.pipeline());
          return;
        }
        channel
            .pipeline()
            .addLast(
                tls.isClient()
                    ? tls.newHandler(channel.alloc(), "localhost", 0)
                    : tls.newHandler(channel.alloc()));
        channel
            .pipeline()
            .addLast(
                new ApplicationProtocolNegotiationHandler("nothing") {
                  @Override
                  protected void configurePipeline(ChannelHandlerContext context, String protocol) {
                    if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                      codec.add(context.pipeline());
                    } else {
                      context.close();
                    }
                    chosen.run();
                  }
                });
      }
    };
  }

  private interface CodecOf {
    void add(ChannelPipeline pipeline);
  }

  /* ------ Messages ------ */

  /** Collects a message; pieces count as taken when they are copied. */
  private abstract static class Collector extends ChannelInboundHandlerAdapter {
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    Http2Headers head;
    String trailer;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      try {
        if (message instanceof Http2HeadersFrame headers) {
          headers(headers.headers());
          if (headers.isEndStream()) {
            end(context);
          }
        } else if (message instanceof Http2DataFrame data) {
          byte[] bytes = new byte[data.content().readableBytes()];
          data.content().readBytes(bytes);
          body.writeBytes(bytes);
          if (data.isEndStream()) {
            end(context);
          }
        } else if (message instanceof Http2ResetFrame reset) {
          failed(new IllegalStateException("reset: " + reset.errorCode()));
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof Http2ResetFrame reset) {
        failed(new IllegalStateException("reset: " + reset.errorCode()));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      failed(new IllegalStateException("the stream is closed"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failed(cause);
    }

    private void headers(Http2Headers headers) {
      if (head == null) {
        head = headers;
      } else {
        for (String name : new String[] {Peer.SENT, Peer.SEEN}) {
          trailer = headers.get(name) != null ? headers.get(name).toString() : trailer;
        }
      }
    }

    abstract void end(ChannelHandlerContext context);

    abstract void failed(Throwable why);
  }

  private static Map<String, String> fields(Http2Headers headers) {
    Map<String, String> fields = new TreeMap<>();
    headers.forEach(
        field -> {
          if (field.getKey().toString().startsWith(Peer.PREFIX)) {
            fields.put(field.getKey().toString(), field.getValue().toString());
          }
        });
    return fields;
  }

  private static void write(
      Channel stream, Http2Headers head, byte[] body, String trailerName, String trailer) {
    stream.write(new DefaultHttp2HeadersFrame(head));
    stream.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), trailer == null));
    if (trailer != null) {
      stream.write(
          new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().set(trailerName, trailer), true));
    }
    stream.flush();
  }

  /* ------ Server ------ */

  static Peer.Server server(SslContext tls, Runnable cancelled) throws Exception {
    EventLoopGroup threads = threads();
    CodecOf codec =
        pipeline ->
            pipeline.addLast(
                Http2FrameCodecBuilder.forServer().build(),
                new Http2MultiplexHandler(
                    new ChannelInitializer<Channel>() {
                      @Override
                      protected void initChannel(Channel stream) {
                        stream.pipeline().addLast(new Request(cancelled));
                      }
                    }));
    Channel channel =
        new ServerBootstrap()
            .group(threads)
            .channel(NioServerSocketChannel.class)
            .childHandler(speaking(tls, () -> {}, codec))
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    return new Peer.Server() {
      @Override
      public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
      }

      @Override
      public void close() {
        end(threads);
      }
    };
  }

  private static final class Request extends Collector {
    private final Runnable cancelled;

    Request(Runnable cancelled) {
      this.cancelled = cancelled;
    }

    @Override
    void end(ChannelHandlerContext context) {
      if (Peer.WAIT.contentEquals(head.path())) {
        return;
      }
      Http2Headers answer = new DefaultHttp2Headers().status("200");
      fields(head).forEach(answer::set);
      write(context.channel(), answer, body.toByteArray(), Peer.SEEN, trailer);
    }

    @Override
    void failed(Throwable why) {
      if (why.getMessage().startsWith("reset")) {
        cancelled.run();
      }
    }
  }

  /* ------ Client ------ */

  static Peer.Client client(int port, SslContext tls) throws Exception {
    EventLoopGroup threads = threads();
    CompletableFuture<Void> chosen = new CompletableFuture<>();
    CodecOf codec =
        pipeline ->
            pipeline.addLast(
                Http2FrameCodecBuilder.forClient().build(),
                new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
    Channel channel =
        new Bootstrap()
            .group(threads)
            .channel(NioSocketChannel.class)
            .handler(speaking(tls, () -> chosen.complete(null), codec))
            .connect(InetAddress.getLoopbackAddress(), port)
            .sync()
            .channel();
    if (tls != null) {
      chosen.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    return new Peer.Client() {
      @Override
      public Peer.Call send(Peer.Question question) throws Exception {
        return ask(channel, port, tls != null, question);
      }

      @Override
      public void close() {
        end(threads);
      }
    };
  }

  private static Peer.Call ask(Channel channel, int port, boolean tls, Peer.Question question)
      throws Exception {
    CompletableFuture<Peer.Answer> answer = new CompletableFuture<>();
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(channel)
            .handler(
                new Collector() {
                  @Override
                  void end(ChannelHandlerContext context) {
                    int status = Integer.parseInt(head.status().toString());
                    answer.complete(
                        new Peer.Answer(status, fields(head), body.toByteArray(), trailer));
                  }

                  @Override
                  void failed(Throwable why) {
                    answer.completeExceptionally(why);
                  }
                })
            .open()
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    Http2Headers head =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme(tls ? "https" : "http")
            .path(question.path())
            .authority("localhost:" + port);
    question.fields().forEach(head::set);
    write(stream, head, question.body(), Peer.SENT, question.trailer());
    return new Peer.Call(
        answer, () -> stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)));
  }
}
