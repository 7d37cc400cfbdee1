package io.libprocess;

import io.libprocess.settings.Form;
import io.libprocess.settings.Setting;
import io.libprocess.settings.Variables;
import java.util.List;

/** The variables of {@link MessageLimits}. */
final class MessageSettings {

  static final List<Setting<MessageLimits.Builder>> ALL =
      List.of(
          Setting.of(
              "LIBPROCESS_MESSAGE_SIZE",
              Form.bytes(1, Integer.MAX_VALUE).map(Math::toIntExact),
              "128M",
              "how large a message may be, sent or received",
              MessageLimits.Builder::size),
          Setting.of(
              "LIBPROCESS_MESSAGE_QUEUE_BYTES",
              Form.bytes(1, Long.MAX_VALUE),
              "64M",
              "how many bytes may wait for one other node",
              MessageLimits.Builder::queuedBytes),
          Setting.of(
              "LIBPROCESS_MESSAGE_QUEUE_LENGTH",
              Form.count(1, Integer.MAX_VALUE),
              "1000000",
              "how many messages may wait for one other node",
              MessageLimits.Builder::queuedMessages),
          Setting.of(
              "LIBPROCESS_MESSAGE_QUEUE_TOTAL",
              Form.bytes(1, Long.MAX_VALUE),
              String.valueOf(MessageLimits.HEAP_PART),
              "how many bytes may wait for all other nodes together",
              MessageLimits.Builder::totalQueuedBytes),
          Setting.of(
              "LIBPROCESS_MESSAGE_MAILBOX_BYTES",
              Form.bytes(1, Long.MAX_VALUE),
              String.valueOf(MessageLimits.MAILBOX_PART),
              "how many bytes from other nodes may wait in a mailbox before their connection waits",
              MessageLimits.Builder::mailboxBytes),
          Setting.of(
              "LIBPROCESS_MESSAGE_CONNECTIONS",
              Form.count(1, Integer.MAX_VALUE),
              "512",
              "how many connections there may be to nodes that no process has linked to",
              MessageLimits.Builder::connections),
          Setting.of(
              "LIBPROCESS_MESSAGE_ANSWER_TIME",
              Form.positiveDuration(),
              "1mins",
              "how long an unlinked connection is kept whose peer does nothing",
              MessageLimits.Builder::answerTime),
          Setting.of(
              "LIBPROCESS_MESSAGE_HEARTBEAT",
              Form.duration(),
              "0s",
              "within what time a link is found to be dead that nobody closed; 0s is not at all",
              MessageLimits.Builder::heartbeat));

  private MessageSettings() {}

  /**
   * The limits that variables say.
   *
   * @throws IllegalArgumentException if a value is not valid
   */
  static MessageLimits read(Variables variables) {
    MessageLimits.Builder builder = MessageLimits.builder();
    Setting.read(ALL, variables, builder);
    return builder.build();
  }
}
