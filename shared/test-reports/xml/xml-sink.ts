import type { Position, ProblemKind } from '../results-problem.ts';

/** What is wrong at one place. */
export interface XmlFault {
  readonly kind: ProblemKind;
  readonly message: string;
  /** Costs time: to be asked for once per kind, and at once. */
  readonly locate: () => Position;
}

/** Takes the pieces of a document in order. Names are as written, with their prefix. */
export interface XmlSink {
  /** @param attributes only the wanted ones, decoded and cut to their maximum */
  startTag(name: string, attributes: ReadonlyMap<string, string>, selfClosing: boolean): void;
  endTag(name: string): void;
  /** Text or CDATA, decoded, in pieces of any length. */
  text(piece: string): void;
  fault(fault: XmlFault): void;
}
