package io.libprocess.http.server;
