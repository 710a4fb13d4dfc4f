import { type StopSignal, stopSignals } from '../../runtime/stop/stopped-error.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** The part of `process` that is needed. */
interface Signals {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  off(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
}

/** `npm run` passes on a signal that the terminal has already sent to all its processes. */
const sameSignalMs = 500;

/**
 * Calls `first` at the first signal and `second` at the next one.
 * @returns a function that restores the default
 */
export function onStopSignal(
  signals: Signals,
  nowMs: () => number,
  first: (signal: StopSignal) => void,
  second: (signal: StopSignal) => void,
): () => void {
  let firstMs: number | undefined;
  const listener = (signal: StopSignal) => {
    if (firstMs === undefined) {
      firstMs = nowMs();
      first(signal);
    } else if (nowMs() - firstMs >= sameSignalMs) second(signal);
  };
  for (const signal of stopSignals) signals.on(signal, listener);
  return () => {
    for (const signal of stopSignals) signals.off(signal, listener);
  };
}

export function exitCodeOfSignal(signal: StopSignal): ExitCode {
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
}
