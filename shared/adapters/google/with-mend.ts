const disabled =
  /(?<api>\S.*?) (?:API )?has not been used in project (?<project>\S+) before or it is disabled\. Enable it by visiting (?<url>https:\S+)/;

/**
 * A refusal by Google in one sentence, with what mends it; other texts stay as they are.
 * @param role the role that permits the call
 */
export function withMend(code: string | undefined, text: string, role = 'a role that permits it'): string {
  if (code !== 'PERMISSION_DENIED') return text;
  const { api, project, url } = disabled.exec(text)?.groups ?? {};
  if (api !== undefined) return `${api} is disabled in project ${project}: enable it at ${url}`;
  const [sentence = ''] = text.split('\n', 1);
  return `${sentence.replace(/\.$/, '')}: give this account ${role}, or correct the project`;
}
