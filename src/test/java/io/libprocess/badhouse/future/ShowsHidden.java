package io.libprocess.badhouse.future;

import io.libprocess.badhouse.internal.Hidden;
import java.util.List;

/** Names what is hidden in every place that users see; what is called fine they do not see. */
public class ShowsHidden extends ShowsHiddenBase implements Comparable<Hidden> {

  protected Hidden field;
  private Hidden fineField;

  public Hidden result() {
    return fineField;
  }

  public void parameter(Hidden[] hidden) {}

  public List<? extends Hidden> argument() {
    return List.of();
  }

  public <T extends Hidden> void bound() {}

  public void thrown() throws Hidden.HiddenException {}

  @Hidden.HiddenMark
  public void annotated() {}

  Hidden finePackagePrivate() {
    return field;
  }

  @Override
  public int compareTo(Hidden hidden) {
    return 0;
  }

  /** Seen as well. */
  protected static class Nested extends Hidden {
    public Nested(Hidden hidden) {}
  }

  /** Not seen. */
  static class FineNested extends Hidden {
    public FineNested(Hidden hidden) {}
  }
}
