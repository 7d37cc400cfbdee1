package io.libprocess.http.jwt;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.Url;
import io.libprocess.internal.Log;
import io.libprocess.internal.Saturating;
import io.libprocess.settings.Check;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * The key set that an issuer of tokens publishes at a URL: fetched when it is first needed, again
 * when it has become old, and when a token names a key that is not in it, which is how issuers
 * change keys. For any thread; at most one request is under way.
 *
 * <p>While the issuer cannot be reached the keys that are known go on to hold, and the next attempt
 * is made after half a minute; tokens that name unknown keys cause no more attempts than that.
 */
public final class JwtKeySource {

  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final Duration AGE = Duration.ofMinutes(10);

  private final HttpClient client;
  private final Url url;
  private final Duration age;
  private final Clock clock;

  // Guarded by this.
  private JwtKeys keys; // Null before the first ones.
  private long fetchedAt; // In nanoseconds of the clock.
  private long triedAt;
  private boolean tried;
  private Promise<JwtKeys> underWay; // Null if none is.

  private JwtKeySource(HttpClient client, Url url, Duration age, Clock clock) {
    this.client = requireNonNull(client, "client");
    this.url = requireNonNull(url, "url");
    this.age = age;
    this.clock = clock;
  }

  /**
   * The keys at a URL, which are old after ten minutes.
   *
   * @param url should be one of {@code https}: who can change what it answers can make tokens
   */
  public static JwtKeySource at(HttpClient client, Url url) {
    return new JwtKeySource(client, url, AGE, Clock.current());
  }

  /** The same, but old after another time. */
  public JwtKeySource refreshedAfter(Duration age) {
    return new JwtKeySource(client, url, Check.positive("age", age), clock);
  }

  /** The same, but by another clock than that of the thread that has made it. */
  public JwtKeySource by(Clock clock) {
    return new JwtKeySource(client, url, age, requireNonNull(clock, "clock"));
  }

  /**
   * The keys, among them that of an id if the issuer has it.
   *
   * @return fails if none are known and the issuer cannot be reached
   */
  Future<JwtKeys> keys(Optional<String> id) {
    Promise<JwtKeys> fetch;
    synchronized (this) {
      long now = clock.nanoTime();
      boolean known = keys != null && id.filter(named -> !keys.has(named)).isEmpty();
      boolean fresh = known && now - fetchedAt < Saturating.nanos(age);
      boolean pausing = tried && now - triedAt < PAUSE.toNanos();
      if (underWay == null && (fresh || pausing)) {
        return keys != null
            ? Future.of(keys)
            : Future.failed(new Failure("the keys of the issuer could not be fetched"));
      }
      if (underWay != null) {
        return known ? Future.of(keys) : underWay.future().undiscardable();
      }
      underWay = new Promise<>();
      fetch = underWay;
      tried = true;
      triedAt = now;
    }
    fetch(fetch);
    return fetch.future().undiscardable();
  }

  private void fetch(Promise<JwtKeys> promise) {
    client
        .get(url)
        .map(JwtKeySource::parsed)
        .onAny(
            done -> {
              JwtKeys now = done.isReady() ? fetched(done.get()) : missed(done);
              if (now != null) {
                promise.set(now);
              } else {
                promise.fail(new Failure("the keys of the issuer could not be fetched"));
              }
            });
  }

  private static JwtKeys parsed(Response response) {
    if (!response.status().equals(Status.OK)) {
      throw new Failure("the server answered " + response.status());
    }
    return JwtKeys.parse(response.text());
  }

  private synchronized JwtKeys fetched(JwtKeys found) {
    keys = found;
    fetchedAt = clock.nanoTime();
    underWay = null;
    return found;
  }

  /** The keys that were known before; null if none were. */
  private JwtKeys missed(Future<JwtKeys> done) {
    JwtKeys known;
    synchronized (this) {
      underWay = null;
      known = keys;
    }
    Throwable why = done.isFailed() ? done.failure() : null;
    Log.warning(() -> "The keys at " + url + " could not be fetched", why);
    return known;
  }

  /** The URL. */
  @Override
  public String toString() {
    return "JwtKeySource " + url;
  }
}
