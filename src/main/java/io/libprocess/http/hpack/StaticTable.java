package io.libprocess.http.hpack;

/** The static table of RFC 7541, appendix A, whose indices begin at 1. */
final class StaticTable {

  /** How many entries there are. */
  static final int SIZE = 61;

  /** Each line has a name, and its value after a blank if there is one. */
  private static final String ENTRIES =
      """
      :authority
      :method GET
      :method POST
      :path /
      :path /index.html
      :scheme http
      :scheme https
      :status 200
      :status 204
      :status 206
      :status 304
      :status 400
      :status 404
      :status 500
      accept-charset
      accept-encoding gzip, deflate
      accept-language
      accept-ranges
      accept
      access-control-allow-origin
      age
      allow
      authorization
      cache-control
      content-disposition
      content-encoding
      content-language
      content-length
      content-location
      content-range
      content-type
      cookie
      date
      etag
      expect
      expires
      from
      host
      if-match
      if-modified-since
      if-none-match
      if-range
      if-unmodified-since
      last-modified
      link
      location
      max-forwards
      proxy-authenticate
      proxy-authorization
      range
      referer
      refresh
      retry-after
      server
      set-cookie
      strict-transport-security
      transfer-encoding
      user-agent
      vary
      via
      www-authenticate
      """;

  private static final TableEntry[] TABLE = new TableEntry[SIZE + 1];

  private static final int PLACES = 256;

  /** The first index of the name that has its place here, or after a row of others; 0 if none. */
  private static final byte[] BY_NAME = new byte[PLACES];

  static {
    int index = 1;
    for (String line : ENTRIES.strip().split("\n")) {
      int blank = line.indexOf(' ');
      String name = blank < 0 ? line : line.substring(0, blank);
      String value = blank < 0 ? "" : line.substring(blank + 1);
      TABLE[index] = new TableEntry(name, value, null, null);
      int hash = hash(name);
      if (find(name, hash) == 0) {
        int place = place(hash);
        while (BY_NAME[place] != 0) {
          place = place + 1 & PLACES - 1;
        }
        BY_NAME[place] = (byte) index;
      }
      index++;
    }
  }

  private StaticTable() {}

  static TableEntry get(int index) {
    return TABLE[index];
  }

  /** A number that is the same for all spellings of a name. */
  static int hash(String name) {
    int hash = 0;
    for (int i = 0; i < name.length(); i++) {
      hash = 31 * hash + (name.charAt(i) | 0x20); // Makes letters lower-case.
    }
    return hash;
  }

  private static int place(int hash) {
    return hash * 0x9E3779B9 >>> 24;
  }

  /** The first index of a name in any case; 0 if there is none. */
  static int find(String name, int hash) {
    int place = place(hash);
    while (BY_NAME[place] != 0) {
      if (TABLE[BY_NAME[place]].name().equalsIgnoreCase(name)) {
        return BY_NAME[place];
      }
      place = place + 1 & PLACES - 1;
    }
    return 0;
  }

  /**
   * The index of a field; 0 if there is none.
   *
   * @param first the first index of its name
   */
  static int findValue(int first, String value) {
    String name = TABLE[first].name();
    for (int i = first; i <= SIZE && TABLE[i].name().equals(name); i++) {
      if (TABLE[i].value().equals(value)) {
        return i;
      }
    }
    return 0;
  }
}
