/** What goes wrong with a call, because a test or a demonstration says so. */
export type GithubFaultKind =
  /** Answered so; nothing takes effect. A text is sent as HTML. */
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Never answered; nothing takes effect. */
  | { readonly hang: true }
  /** The connection breaks; nothing takes effect. */
  | { readonly dropRequest: true }
  /** It takes effect, then the connection breaks. */
  | { readonly loseAnswer: true };

interface Script {
  readonly call: RegExp;
  readonly fault: GithubFaultKind;
  left: number;
}

/** Faults in the order in which they were asked for. */
export class GithubFaults {
  #scripts: Script[] = [];
  /** Set: no connection is answered until it is cleared. */
  isDown = false;

  /** @param call matches `METHOD /path`, without `/api/v3` */
  next(call: RegExp, fault: GithubFaultKind, times = 1): void {
    this.#scripts.push({ call, fault, left: times });
  }

  take(call: string): GithubFaultKind | undefined {
    if (this.isDown) return { dropRequest: true };
    const script = this.#scripts.find((one) => one.call.test(call));
    if (!script) return undefined;
    script.left--;
    this.#scripts = this.#scripts.filter(({ left }) => left > 0);
    return script.fault;
  }
}
