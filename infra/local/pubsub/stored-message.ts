/** What a publisher gives. */
export interface NewMessage {
  readonly data: Uint8Array;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /** Passed on only: no subscription here keeps an order. */
  readonly orderingKey?: string | undefined;
}

/** A message as a topic has it; every subscription of the topic delivers the same one. */
export interface StoredMessage {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  /** Empty: none. */
  readonly orderingKey: string;
  readonly messageId: string;
  /** `projects/{p}/topics/{t}` */
  readonly topic: string;
  readonly publishTime: Date;
}
