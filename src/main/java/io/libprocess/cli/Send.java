package io.libprocess.cli;

import io.libprocess.Config;
import io.libprocess.Delivery;
import io.libprocess.Exit;
import io.libprocess.Message;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.Reason;
import io.libprocess.settings.Durations;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The command {@code send}. */
record Send(UPID to, String name, String body, Duration patience) implements Subcommand {

  static Send parse(Arguments arguments) {
    Duration wait = arguments.option("--wait", Durations::parse).orElse(Duration.ofSeconds(2));
    UPID to = receiver(arguments.word("receiver, such as echo@127.0.0.1:5050"));
    String name = arguments.word("name of the message");
    String body = arguments.word().orElse("");
    arguments.end();
    return new Send(to, name, body, wait);
  }

  private static UPID receiver(String text) {
    return UPID.parse(text)
        .or(() -> UPID.parse(resolved(text)))
        .filter(upid -> upid.address().port() != 0)
        .orElseThrow(() -> new UsageException("not of the form id@host:port: '" + text + "'"));
  }

  /** The text with its host name replaced by the IP; unchanged if it has none. */
  private static String resolved(String text) {
    int at = text.indexOf('@');
    int colon = text.lastIndexOf(':');
    if (at < 0 || colon < at + 2) {
      return text;
    }
    String host = text.substring(at + 1, colon);
    try {
      String ip = InetAddress.getByName(host).getHostAddress();
      return text.substring(0, at + 1) + ip + text.substring(colon);
    } catch (UnknownHostException e) {
      throw new UsageException("unknown host '" + host + "' in '" + text + "'");
    }
  }

  @Override
  public int run(PrintStream out, PrintStream err) {
    // The environment may give the port of a node that already runs here.
    try (Node node = Node.start(Config.fromEnvironment().port(0).build())) {
      Sender sender = new Sender(this);
      node.spawn(sender);
      Future<Message> reply = sender.reply.future();
      if (!reply.await(patience)) {
        err.println("libprocess: no reply from " + to + " within " + patience.toMillis() + " ms");
        return 1;
      }
      if (reply.isFailed()) {
        err.println("libprocess: " + Reason.of(reply.failure()));
        return 1;
      }
      Message message = reply.get();
      String text = new String(message.body(), StandardCharsets.UTF_8);
      out.println(message.name() + (text.isEmpty() ? "" : " " + text));
      return 0;
    }
  }

  /** Sends the message and takes any message as the reply. */
  private static final class Sender extends Process<Sender> {

    private final Send send;
    private final Promise<Message> reply = new Promise<>();

    Sender(Send send) {
      super("send");
      this.send = send;
    }

    @Override
    protected void initialize() {
      link(send.to);
      byte[] body = send.body.getBytes(StandardCharsets.UTF_8);
      sendConfirmed(send.to, send.name, body).onReady(this::delivered);
    }

    /** Leaves a broken connection to {@link #exited}, which knows the reason. */
    private void delivered(Delivery delivery) {
      if (delivery == Delivery.NO_PROCESS) {
        reply.fail(new Failure("there is no process " + send.to));
      } else if (delivery == Delivery.REFUSED) {
        reply.fail(new Failure(send.to + " refused the message"));
      }
    }

    @Override
    protected void unhandled(Message message) {
      reply.set(message);
    }

    @Override
    protected void exited(UPID pid, Exit exit) {
      String reason = exit.cause().map(Throwable::getMessage).orElse("the connection closed");
      reply.fail(new Failure("cannot reach " + pid + ": " + reason));
    }
  }
}
