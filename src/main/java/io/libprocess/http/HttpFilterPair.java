package io.libprocess.http;

import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.service.Filter;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import java.util.List;
import java.util.Optional;

/** Two filters, the first one outside, or a filter that does not hear of what is refused. */
final class HttpFilterPair implements HttpFilter {

  private final Filter<Request, Response, Request, Response> filter;
  private final List<HttpFilter> hearing;

  HttpFilterPair(HttpFilter first, HttpFilter second) {
    filter = first.andThen(second);
    hearing = List.of(first, second);
  }

  HttpFilterPair(Filter<Request, Response, Request, Response> one) {
    filter = one;
    hearing = List.of();
  }

  @Override
  public Future<Response> apply(Request request, Service<Request, Response> next) throws Exception {
    return filter.apply(request, next);
  }

  @Override
  public ServiceStatus status() {
    return filter.status();
  }

  @Override
  public void refused(Optional<Address> client, Response answer) {
    hearing.forEach(each -> each.refused(client, answer));
  }
}
