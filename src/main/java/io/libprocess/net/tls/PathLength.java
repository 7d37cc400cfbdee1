package io.libprocess.net.tls;

import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.PKIXCertPathChecker;
import java.util.Collection;
import java.util.Set;

/**
 * Limits how many certificates stand between a peer's and an authority's. The JDK's own limit
 * applies only to paths that it has to search. Every validation gets a clone.
 */
final class PathLength extends PKIXCertPathChecker {

  private final int most;
  private int seen;

  PathLength(int most) {
    this.most = most;
  }

  @Override
  public void init(boolean forward) {
    seen = 0;
  }

  @Override
  public boolean isForwardCheckingSupported() {
    return false;
  }

  @Override
  public Set<String> getSupportedExtensions() {
    return null; // None, as this method's contract requires.
  }

  @Override
  public void check(Certificate certificate, Collection<String> unresolved)
      throws CertPathValidatorException {
    if (seen++ > most) { // The last one is the peer's.
      throw new CertPathValidatorException(TlsFailure.TOO_LONG + most);
    }
  }
}
