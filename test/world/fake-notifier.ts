import type { Notification, Notifier } from '../../shared/ports/notifier/notifier.ts';

/** Takes messages, and keeps them. */
export class FakeNotifier implements Notifier {
  readonly sent: Notification[] = [];
  /** Asked before a message is taken; what it throws is the answer. */
  before: (notification: Notification) => void = () => {};

  async send(notification: Notification): Promise<void> {
    this.before(notification);
    this.sent.push(notification);
  }
}
