/**
 * A scheduler, clocks and a network that run whole nodes in one thread, one step at a time, to show
 * that the library needs no threads, time or sockets of the system.
 */
package io.libprocess.world;
