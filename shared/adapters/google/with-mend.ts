const disabled =
  /(?<api>\S.*?) (?:API )?has not been used in project (?<project>\S+) before or it is disabled\. Enable it by visiting (?<url>https:\S+)/;

/** A refusal by Google in one sentence, with what mends it; other texts stay as they are. */
export function withMend(code: string | undefined, text: string): string {
  if (code !== 'PERMISSION_DENIED') return text;
  const { api, project, url } = disabled.exec(text)?.groups ?? {};
  if (api !== undefined) return `${api} is disabled in project ${project}: enable it at ${url}`;
  return `${text.replace(/\.$/, '')}: give this account a role that permits it, or correct the project`;
}
