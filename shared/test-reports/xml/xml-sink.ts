import type { Position, ProblemKind } from '../results-problem.ts';

/** A fault at one position. */
export interface XmlFault {
  readonly kind: ProblemKind;
  readonly message: string;
  /** Expensive: call it once per kind, and immediately. */
  readonly locate: () => Position;
}

/** Receives the pieces of a document in order. Names are as written, with their prefix. */
export interface XmlSink {
  /** @param attributes only the wanted ones, decoded and cut to their maximum length */
  startTag(name: string, attributes: ReadonlyMap<string, string>, selfClosing: boolean): void;
  endTag(name: string): void;
  /** Text or CDATA, decoded, in pieces of any length. */
  text(piece: string): void;
  fault(fault: XmlFault): void;
}
