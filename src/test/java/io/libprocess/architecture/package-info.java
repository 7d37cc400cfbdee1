/**
 * The rules that the sources and classes of the library keep: which layer may use which, what is
 * exported, who may cross a seam, and how large anything may be.
 */
package io.libprocess.architecture;
