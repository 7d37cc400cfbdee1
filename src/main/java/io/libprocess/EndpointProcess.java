package io.libprocess;

import io.libprocess.endpoints.Endpoint;

/** Serves a built-in endpoint. */
final class EndpointProcess extends Process<EndpointProcess> {

  private final Endpoint endpoint;

  EndpointProcess(Endpoint endpoint) {
    super(endpoint.id());
    this.endpoint = endpoint;
  }

  @Override
  protected void initialize() {
    endpoint.routes().forEach(bound -> addRoute(bound, endpoint.isListed()));
  }

  @Override
  protected void finish() {
    endpoint.whenEnded().run();
  }
}
