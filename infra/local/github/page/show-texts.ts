import type { LocalRepository } from '../state/local-repository.ts';
import type { CheckRunRecord, IssueRecord } from '../state/records.ts';
import { Html, html } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { labelsOf, linkTo, stateOf } from './show-repository.ts';

/** An issue or a pull request with its comments. */
export function showIssue(issue: IssueRecord, repository: LocalRepository): Html {
  const { number, title, body, author, createdAt, pull } = issue;
  const comments = [...repository.comments.values()].filter((comment) => comment.issue === number);
  const branches = pull ? html`<p><code>${pull.base}</code> ← <code>${pull.head}</code></p>` : html``;
  return html`<p><a href="/${repository.fullName}">${repository.fullName}</a></p>
<h1>${title} #${number}</h1>
<p>${stateOf(issue)} ${labelsOf(issue)}</p>
${branches}
${entry(author, createdAt, body ?? '')}
${comments.map((comment) => entry(comment.author, comment.createdAt, comment.body, `issuecomment-${comment.id}`))}`;
}

export function showCheckRun(run: CheckRunRecord, repository: LocalRepository): Html {
  const { name, sha, status, conclusion, title, summary, annotations, detailsUrl } = run;
  const shown = conclusion ?? status;
  const rows = annotations.map(
    ({
      path,
      start_line,
      annotation_level,
      title: about,
      message,
    }) => html`<tr><td>${String(annotation_level)}</td>
<td><code>${String(path)}:${String(start_line)}</code></td><td>${String(about ?? '')}<pre>${String(message)}</pre></td></tr>`,
  );
  return html`<p><a href="/${repository.fullName}">${repository.fullName}</a></p>
<h1>${name}</h1>
<p><span class="state ${shown}">${shown}</span> on <code>${sha}</code> ${linkTo(detailsUrl, 'details')}</p>
<article><header>${title ?? ''}</header>${new Html(renderMarkdown(summary ?? ''))}</article>
<table>${rows}</table>`;
}

function entry(author: string, at: Date, body: string, id = ''): Html {
  return html`<article id="${id}"><header>${author}, ${at.toISOString()}</header>${new Html(renderMarkdown(body))}</article>`;
}
