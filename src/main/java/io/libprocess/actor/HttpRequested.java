package io.libprocess.actor;

import io.libprocess.http.Response;
import io.libprocess.http.exchange.FailureAnswers;
import io.libprocess.web.PendingRequest;

/** An HTTP request; it comes a second time if its body has to be collected first. */
final class HttpRequested extends Event {

  private final PendingRequest request;

  HttpRequested(PendingRequest request) {
    this.request = request;
  }

  @Override
  void serve(Object process) {
    ProcessAccess.get().requested(process, request);
  }

  @Override
  void drop() {
    request.answer(Response.internalServerError());
  }

  @Override
  <V> V view(ProcessCell cell, EventViewer<V> viewer) {
    return cell.awaitsBody(request)
        ? null // Filters see it when all of it is there.
        : viewer.http(cell.pid(), request.request(), request.below());
  }

  @Override
  <V> V peek(ProcessCell cell, EventViewer<V> viewer) {
    return viewer.http(cell.pid(), request.request(), request.below());
  }

  @Override
  boolean refuse(ProcessCell cell, int limit) {
    return request.answer(FailureAnswers.refused());
  }
}
