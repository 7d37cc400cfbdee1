package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.grammar.CookieDate;
import io.libprocess.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * The cookies that servers have given a client, which sends them back: see {@link
 * HttpClient#withCookies}. In memory only, as RFC 6265, section 5, has it, for any thread.
 *
 * <p><b>Domains.</b> A server may ask that a cookie be sent to a whole domain. Which domains belong
 * to somebody, and which, such as {@code co.uk}, to all, only the list of public suffixes knows,
 * and this library has none. So a cookie goes back to the host that it came from and to no other,
 * unless the domain was named as one that may be shared: {@link #sharing}.
 *
 * <p><b>Bounds.</b> At most 50 cookies for each host and 3,000 altogether, of 4,096 characters
 * each; the oldest go. Cookies with {@code Secure} are taken from, and sent over, {@code https}
 * only. A client is not a browser: {@code SameSite} and {@code HttpOnly} mean nothing to it.
 */
public final class CookieJar {

  private static final int MOST_OF_HOST = 50;
  private static final int MOST = 3000;
  private static final int LONGEST = 4096;

  private record Key(String domain, String path, String name) {}

  /**
   * One cookie.
   *
   * @param ends null if it does not
   */
  private record Kept(String value, boolean hostOnly, boolean secure, Instant ends) {}

  /** The content of a {@code Set-Cookie} field. */
  private static final class Draft {
    private String name = "";
    private String value = "";
    private String domain = "";
    private String path = "";
    private boolean secure;
    private OptionalLong maxAge = OptionalLong.empty();
    private Optional<Instant> expires = Optional.empty();
  }

  private final Clock clock;
  private final Set<String> shared;
  private final Map<Key, Kept> cookies = new LinkedHashMap<>(); // Guarded by itself; oldest first.

  private CookieJar(Clock clock, Set<String> shared) {
    this.clock = clock;
    this.shared = shared;
  }

  /** An empty jar that goes by the clock of the calling thread. */
  public static CookieJar empty() {
    return new CookieJar(Clock.current(), Set.of());
  }

  /**
   * An empty jar that lets some domains have cookies in common with the hosts below them.
   *
   * @param domains such as {@code example.com}, which belong to one owner
   */
  public static CookieJar sharing(String... domains) {
    Set<String> shared = new TreeSet<>();
    for (String domain : domains) {
      shared.add(withoutDot(domain.toLowerCase(Locale.ROOT)));
    }
    return new CookieJar(Clock.current(), shared);
  }

  /** An empty jar that shares the same domains, and goes by a clock. */
  public CookieJar by(Clock clock) {
    return new CookieJar(requireNonNull(clock, "clock"), shared);
  }

  private static String withoutDot(String domain) {
    return domain.startsWith(".") ? domain.substring(1) : domain;
  }

  /* ------ What servers give ------ */

  /** Keeps the cookies of a response; those that are not legal are skipped. */
  public void store(Url url, Response response) {
    if (response.headers().contains("Set-Cookie")) {
      response.headers().all("Set-Cookie").forEach(field -> store(url, field));
    }
  }

  private void store(Url url, String field) {
    Draft draft = parse(field);
    if (draft.name.isEmpty() || draft.name.length() + draft.value.length() > LONGEST) {
      return;
    }
    boolean widened = !draft.domain.isEmpty() && !draft.domain.equals(url.host());
    if (widened && !(shared.contains(draft.domain) && isBelow(url.host(), draft.domain))) {
      return;
    }
    boolean isSecure = url.scheme().equals("https");
    String lower = draft.name.toLowerCase(Locale.ROOT);
    boolean host = lower.startsWith("__host-");
    if (draft.secure && !isSecure
        || (host || lower.startsWith("__secure-")) && !draft.secure
        || host && (!draft.domain.isEmpty() || !draft.path.equals("/"))) {
      return;
    }
    String path = draft.path.startsWith("/") ? draft.path : defaultPath(url.path());
    String domain = widened ? draft.domain : url.host();
    keep(
        new Key(domain, path, draft.name),
        new Kept(
            draft.value,
            draft.domain.isEmpty() || !shared.contains(draft.domain),
            draft.secure,
            ends(draft)),
        isSecure);
  }

  private static Draft parse(String field) {
    Draft draft = new Draft();
    String[] parts = field.split(";", -1);
    int equals = parts[0].indexOf('=');
    if (equals < 0) {
      return draft;
    }
    draft.name = parts[0].substring(0, equals).strip();
    draft.value = parts[0].substring(equals + 1).strip();
    for (int i = 1; i < parts.length; i++) {
      int at = parts[i].indexOf('=');
      String name = (at < 0 ? parts[i] : parts[i].substring(0, at)).strip();
      attribute(
          draft, name.toLowerCase(Locale.ROOT), at < 0 ? "" : parts[i].substring(at + 1).strip());
    }
    return draft;
  }

  private static void attribute(Draft draft, String name, String value) {
    switch (name) {
      case "domain" -> draft.domain = withoutDot(value.toLowerCase(Locale.ROOT));
      case "path" -> draft.path = value;
      case "secure" -> draft.secure = true;
      case "max-age" -> {
        if (value.matches("-?\\d{1,18}")) {
          draft.maxAge = OptionalLong.of(Long.parseLong(value));
        }
      }
      case "expires" -> draft.expires = CookieDate.parse(value).or(() -> draft.expires);
      default -> {
        // Unknown ones are ignored.
      }
    }
  }

  private Instant ends(Draft draft) {
    if (draft.maxAge.isPresent()) {
      long seconds = Math.max(0, Math.min(draft.maxAge.getAsLong(), Integer.MAX_VALUE));
      return clock.now().plusSeconds(seconds);
    }
    return draft.expires.orElse(null);
  }

  private static String defaultPath(String path) {
    int last = path.lastIndexOf('/');
    return last <= 0 ? "/" : path.substring(0, last);
  }

  private void keep(Key key, Kept kept, boolean isSecure) {
    synchronized (cookies) {
      Kept before = cookies.get(key);
      if (before != null && before.secure() && !isSecure) {
        return; // A server without TLS must not replace a cookie that only TLS may carry.
      }
      cookies.remove(key);
      if (isOver(kept)) {
        return;
      }
      cookies.put(key, kept);
      cookies.values().removeIf(this::isOver);
      shorten(key.domain());
    }
  }

  /** Lets go of the oldest ones if there are too many; the lock is held. */
  private void shorten(String domain) {
    long ofDomain = cookies.keySet().stream().filter(key -> key.domain().equals(domain)).count();
    Iterator<Key> oldest = cookies.keySet().iterator();
    while (ofDomain > MOST_OF_HOST || cookies.size() > MOST) {
      Key key = oldest.next();
      boolean same = key.domain().equals(domain);
      if (same || cookies.size() > MOST) {
        oldest.remove();
        ofDomain -= same ? 1 : 0;
      }
    }
  }

  private boolean isOver(Kept kept) {
    return kept.ends() != null && !kept.ends().isAfter(clock.now());
  }

  /* ------ What the client sends ------ */

  /**
   * The value of the {@code Cookie} field for a request, those with longer paths first; empty if
   * there are none.
   */
  public Optional<String> header(Url url) {
    List<Map.Entry<Key, Kept>> found = new ArrayList<>();
    synchronized (cookies) {
      for (Map.Entry<Key, Kept> entry : cookies.entrySet()) {
        if (isFor(url, entry.getKey(), entry.getValue())) {
          found.add(Map.entry(entry.getKey(), entry.getValue()));
        }
      }
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    found.sort(Comparator.comparing(entry -> -entry.getKey().path().length()));
    StringBuilder field = new StringBuilder();
    for (Map.Entry<Key, Kept> entry : found) {
      field.append(field.isEmpty() ? "" : "; ");
      field.append(entry.getKey().name()).append('=').append(entry.getValue().value());
    }
    return Optional.of(field.toString());
  }

  private boolean isFor(Url url, Key key, Kept kept) {
    boolean domain =
        url.host().equals(key.domain()) || !kept.hostOnly() && isBelow(url.host(), key.domain());
    return domain
        && isPathBelow(url.path(), key.path())
        && (!kept.secure() || url.scheme().equals("https"))
        && !isOver(kept);
  }

  /** Whether a host is below a domain; one with a colon or of digits only is an address. */
  private static boolean isBelow(String host, String domain) {
    return host.endsWith("." + domain) && !host.matches("[0-9.]+|.*:.*");
  }

  private static boolean isPathBelow(String path, String of) {
    return path.equals(of)
        || path.startsWith(of) && (of.endsWith("/") || path.charAt(of.length()) == '/');
  }

  /** How many there are. */
  public int size() {
    synchronized (cookies) {
      return cookies.size();
    }
  }

  /** Forgets all of them. */
  public void clear() {
    synchronized (cookies) {
      cookies.clear();
    }
  }

  /** How many there are; what they say is secret. */
  @Override
  public String toString() {
    return "CookieJar of " + size();
  }
}
