import type { Position, ProblemKind } from '../results-problem.ts';

const maxTextLength = 400;

/** An element whose own text is reported as a problem, once it is complete. */
export class NoteDraft {
  readonly kind: ProblemKind;
  /** The position of its start; absent: a problem of its kind is known already. */
  readonly position: Position | undefined;
  readonly #head: string;
  #text = '';

  constructor(kind: ProblemKind, head: string, position: Position | undefined) {
    this.kind = kind;
    this.position = position;
    this.#head = head;
  }

  addText(piece: string): void {
    if (this.#text.length < maxTextLength) this.#text += piece.slice(0, maxTextLength - this.#text.length);
  }

  get message(): string {
    const text = this.#text.replace(/\s+/g, ' ').trim();
    return text === '' ? this.#head : `${this.#head}: ${text}`;
  }
}
