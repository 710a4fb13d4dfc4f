import { authorizationOf } from '../../../contracts/suites/authorization.ts';
import type { HttpStep } from '../../../contracts/suites/http-suite.ts';
import { fillIn, fillInAll } from '../../../contracts/suites/references.ts';

/** One request as it is sent. */
export interface BuiltRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/**
 * A step's request with its values filled in. Values in the path are escaped, so that none can change where it leads.
 * @throws {RangeError} a name has no value
 */
export function buildRequest(
  base: string,
  step: HttpStep,
  values: ReadonlyMap<string, string>,
): BuiltRequest {
  const query = Object.entries(fillInAll(step.query, values));
  const path = fillIn(step.path, values, encodeURIComponent);
  const { body, type } = bodyOf(step, values);
  const given = Object.entries(fillInAll(step.headers, values)).map(([name, value]) => [
    name.toLowerCase(),
    value,
  ]);
  return {
    url: `${base}${path}${query.length > 0 ? `?${new URLSearchParams(query)}` : ''}`,
    method: step.method,
    headers: {
      ...(type !== undefined && { 'content-type': type }),
      ...(step.auth && authorizationOf(step.auth, values)),
      ...Object.fromEntries(given),
    },
    body,
  };
}

function bodyOf(
  { json, form, body }: HttpStep,
  values: ReadonlyMap<string, string>,
): { readonly body: string | undefined; readonly type?: string } {
  if (json !== undefined) return { body: JSON.stringify(fillInAll(json, values)), type: 'application/json' };
  if (form !== undefined)
    return {
      body: String(new URLSearchParams(Object.entries(fillInAll(form, values)))),
      type: 'application/x-www-form-urlencoded',
    };
  return { body: body === undefined ? undefined : fillIn(body, values) };
}
