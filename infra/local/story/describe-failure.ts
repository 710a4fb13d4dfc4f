import { describeError } from '../../../shared/domain/errors.ts';
import { oneLine } from '../../../shared/domain/render/one-line.ts';

const maxLength = 400;

/** Why the story could not be told, in one line with what to do about it. */
export function describeFailure(error: unknown): string {
  const { code, syscall, path } = systemFields(error);
  const text = oneLine(describeError(error), maxLength);
  if (syscall === 'listen')
    return `no port of this machine can be opened (${text}): end what uses it, or allow it`;
  if (path !== undefined && code !== undefined)
    return `${path} cannot be used (${code}): make it writable, or remove it`;
  return text;
}

/** Of an error of the operating system, as Node describes it. No instanceof check: it may come from another realm. */
function systemFields(error: unknown): { readonly [name in 'code' | 'syscall' | 'path']?: string } {
  if (typeof error !== 'object' || error === null) return {};
  const names = ['code', 'syscall', 'path'] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value: unknown = Reflect.get(error, name);
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}
