import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { onStopSignal } from '../../shared/cli/exit/on-stop-signal.ts';

function listening() {
  const signals = new EventEmitter();
  const told: string[] = [];
  const time = { ms: 0 };
  const restore = onStopSignal(
    signals,
    () => time.ms,
    (signal) => told.push(`first ${signal}`),
    (signal) => told.push(`second ${signal}`),
  );
  return { signals, told, time, restore };
}

describe('a signal to end', () => {
  it('stops the work; the next one ends the process', () => {
    const { signals, told, time } = listening();
    signals.emit('SIGINT', 'SIGINT');
    time.ms = 1_000;
    signals.emit('SIGTERM', 'SIGTERM');
    expect(told).toEqual(['first SIGINT', 'second SIGTERM']);
  });

  it('that npm passes on a second time is one signal', () => {
    const { signals, told, time } = listening();
    signals.emit('SIGINT', 'SIGINT');
    time.ms = 20;
    signals.emit('SIGINT', 'SIGINT');
    expect(told).toEqual(['first SIGINT']);
  });

  it('has its default again when the command is done', () => {
    const { signals, told, restore } = listening();
    restore();
    expect(signals.listenerCount('SIGINT') + signals.listenerCount('SIGTERM')).toBe(0);
    expect(told).toEqual([]);
  });
});
