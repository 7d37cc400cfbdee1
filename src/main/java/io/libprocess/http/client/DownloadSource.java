package io.libprocess.http.client;

import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Stream;
import io.libprocess.stream.access.Streams;
import io.libprocess.stream.stage.DemandSwitch;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.FusedStage;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Source;
import io.libprocess.stream.stage.Start;
import io.libprocess.stream.stage.Upstream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The content of a response as a source: sends the request with the first request for bytes, and
 * goes on with the content when the head has arrived. A cancel before that gives up the request,
 * and a response that comes nevertheless is refused.
 */
public final class DownloadSource implements Source<Chunk> {

  private final Supplier<Future<Response>> request;
  private final CheckedFunction<Response, Stream<Chunk>> content;

  /**
   * Makes a source of a response.
   *
   * @param request sends the request; called once for each run
   * @param content returns the content to go on with; if the response is a failure, it releases the
   *     body and throws
   */
  public DownloadSource(
      Supplier<Future<Response>> request, CheckedFunction<Response, Stream<Chunk>> content) {
    this.request = request;
    this.content = content;
  }

  @Override
  public void start(Run<?> run, Downstream<? super Chunk> down) {
    run.hold();
    down.begin(new Download(run, down));
  }

  private final class Download implements Upstream {

    private final Run<?> run; // Held until the head has arrived.
    private final Downstream<? super Chunk> down;
    private final DemandSwitch demand = new DemandSwitch();
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile Future<Response> response; // Null before the request is sent.

    Download(Run<?> run, Downstream<? super Chunk> down) {
      this.run = run;
      this.down = down;
    }

    @Override
    public void request(long count) {
      demand.request(count);
      if (begun.compareAndSet(false, true)) {
        Future<Response> sent = send();
        response = sent;
        if (demand.isCancelled()) {
          sent.discard(); // The thread that cancelled may not have seen it.
        }
        sent.onAny(this::answered);
      }
    }

    private Future<Response> send() {
      try {
        return request.get();
      } catch (Throwable thrown) {
        return Future.failed(thrown);
      }
    }

    @Override
    public void cancel(Throwable cause) {
      demand.cancel(cause);
      if (begun.compareAndSet(false, true)) {
        run.release();
        return;
      }
      Future<Response> sent = response;
      if (sent != null) {
        sent.discard();
      }
    }

    private void answered(Future<Response> done) {
      try {
        if (demand.isCancelled()) {
          done.onReady(DownloadSource::refuse);
        } else if (done.isReady()) {
          goOn(done.get());
        } else {
          down.fail(done.isFailed() ? done.failure() : new Failure("the request was given up"));
        }
      } finally {
        run.release();
      }
    }

    private void goOn(Response answer) {
      Source<Chunk> source;
      try {
        source = Streams.source(content.apply(answer));
      } catch (Throwable thrown) {
        down.fail(thrown);
        return;
      }
      Start.source(source, run, new Content(down));
    }

    /** Passes requests on to the content from now on. */
    private final class Content extends FusedStage<Chunk, Chunk> {

      Content(Downstream<? super Chunk> down) {
        super(down);
      }

      @Override
      public void begin(Upstream upstream) {
        demand.switchTo(upstream);
      }

      @Override
      public void next(Chunk piece) {
        down.next(piece);
      }
    }
  }

  private static void refuse(Response unwanted) {
    if (unwanted.body() instanceof Body.Streamed streamed) {
      streamed.refuse();
    }
  }
}
