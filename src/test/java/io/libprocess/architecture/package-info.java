/**
 * Tests of the rules for the sources and classes of the library: which layer may use which, which
 * packages are exported, which classes may cross a seam, and how large anything may be.
 */
package io.libprocess.architecture;
