import { sendableHeaders } from '../../../contracts/expectations/header.ts';
import { authorizationOf } from '../../../contracts/suites/authorization.ts';
import type { HttpStep } from '../../../contracts/suites/http-suite.ts';
import { fillIn, fillInAll, fillInPath } from '../../../contracts/suites/references.ts';

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
 * @throws {Error} a header cannot be sent with the value that was filled in
 */
export function buildRequest(
  base: string,
  step: HttpStep,
  values: ReadonlyMap<string, string>,
): BuiltRequest {
  const query = Object.entries(fillInAll(step.query, values));
  const path = fillInPath(step.path, values);
  const { body, type } = bodyOf(step, values);
  return {
    url: `${base}${path}${query.length > 0 ? `?${new URLSearchParams(query)}` : ''}`,
    method: step.method,
    headers: sendableHeaders({
      ...(type !== undefined && { 'content-type': type }),
      ...(step.auth && authorizationOf(step.auth, values)),
      ...fillInAll(step.headers, values),
    }),
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
