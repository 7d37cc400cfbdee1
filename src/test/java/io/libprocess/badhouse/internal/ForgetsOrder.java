package io.libprocess.badhouse.internal;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes collections without an order in every forbidden way, each in a member of its own. */
final class ForgetsOrder {

  int identity(Object object) {
    return System.identityHashCode(object);
  }

  Map<String, String> byIdentity() {
    return new IdentityHashMap<>();
  }

  Map<String, String> mapCopy(Map<String, String> map) {
    return Map.copyOf(map);
  }

  Map<String, String> entries(Map.Entry<String, String> one, Map.Entry<String, String> other) {
    return Map.ofEntries(one, other);
  }

  Set<String> setCopy(Set<String> set) {
    return Set.copyOf(set);
  }

  Set<String> two() {
    return Set.of("one", "two");
  }

  Set<String> many(String... all) {
    return Set.of(all);
  }

  Set<String> collected(List<String> list) {
    return list.stream().collect(Collectors.toSet());
  }

  Set<String> collectedForGood(List<String> list) {
    return list.stream().collect(Collectors.toUnmodifiableSet());
  }
}
