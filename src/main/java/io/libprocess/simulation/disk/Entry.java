package io.libprocess.simulation.disk;

/** What a name in a directory stands for. */
sealed interface Entry permits Content, NameTable {}
