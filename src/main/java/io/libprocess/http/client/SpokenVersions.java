package io.libprocess.http.client;

import io.libprocess.http.ClientSettings;
import io.libprocess.http.Url;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which version of HTTP the servers have spoken that a client knows, for ten minutes after it was
 * seen: so the first of many calls need not wait for the first connection. Guarded by the pool.
 */
final class SpokenVersions {

  private static final long MEMORY = 600_000; // In milliseconds.
  private static final int MOST = 1000;

  private record Spoken(ClientSettings.Http2 http2, long until) {}

  private final Dialer dialer;
  private final Map<Url, Spoken> servers = new LinkedHashMap<>(); // The last one seen comes last.

  SpokenVersions(Dialer dialer) {
    this.dialer = dialer;
  }

  /** Whether a server is known to speak HTTP/2. */
  ClientSettings.Http2 by(Url server) {
    Spoken last = servers.get(server);
    return last != null && dialer.now() < last.until ? last.http2 : dialer.http2(server);
  }

  /** Notes what a server has spoken. */
  void remember(Url server, ClientSettings.Http2 version) {
    servers.remove(server); // So that the new entry is the last one.
    servers.put(server, new Spoken(version, dialer.now() + MEMORY));
    if (servers.size() > MOST) {
      servers.remove(servers.keySet().iterator().next());
    }
  }
}
