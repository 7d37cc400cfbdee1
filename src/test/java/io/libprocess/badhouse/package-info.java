/**
 * A house that breaks every rule of {@link io.libprocess.architecture.ArchitectureTest}, to show
 * that each can fail.
 */
package io.libprocess.badhouse;
