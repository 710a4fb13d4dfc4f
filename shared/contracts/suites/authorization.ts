import type { Auth } from './http-suite.ts';
import { fillIn, fillInAll } from './references.ts';

/** The Authorization header of a check. @throws {RangeError} a name has no value */
export function authorizationOf(auth: Auth, values: ReadonlyMap<string, string>): { authorization: string } {
  if ('bearer' in auth) return { authorization: `Bearer ${fillIn(auth.bearer, values)}` };
  const { user, password } = fillInAll(auth.basic, values);
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
