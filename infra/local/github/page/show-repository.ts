import type { LocalRepository } from '../state/local-repository.ts';
import type { CheckRunRecord, DeploymentRecord, IssueRecord } from '../state/records.ts';
import { type Html, html } from './html.ts';

/** Everything that was written to a repository, newest first. */
export function showRepository(repository: LocalRepository): Html {
  const { fullName, deployments, checkRuns } = repository;
  const all = [...repository.issues.values()].filter(({ fate }) => fate === undefined).reverse();
  return html`<h1>${fullName}</h1>
<h2>Issues</h2>
${tableOf(all.filter(({ pull }) => !pull).map((issue) => issueRow(issue, repository)))}
<h2>Pull requests</h2>
${tableOf(all.filter(({ pull }) => pull).map((issue) => issueRow(issue, repository)))}
<h2>Deployments</h2>
${tableOf([...deployments.values()].reverse().map(deploymentRow))}
<h2>Check runs</h2>
${tableOf([...checkRuns.values()].reverse().map((run) => checkRunRow(run, repository)))}`;
}

function tableOf(rows: readonly Html[]): Html {
  return rows.length > 0 ? html`<table>${rows}</table>` : html`<p>None.</p>`;
}

function issueRow(issue: IssueRecord, { fullName }: LocalRepository): Html {
  const place = issue.pull ? 'pull' : 'issues';
  return html`<tr><td>${stateOf(issue)}</td>
<td><a href="/${fullName}/${place}/${issue.number}">#${issue.number} ${issue.title}</a> ${labelsOf(issue)}</td></tr>`;
}

export function stateOf({ state, pull }: IssueRecord): Html {
  const shown = pull?.mergedAt ? 'merged' : state;
  return html`<span class="state ${shown}">${shown}</span>`;
}

export function labelsOf({ labels }: IssueRecord): readonly Html[] {
  return labels.map((label) => html`<span class="label">${label}</span>`);
}

function deploymentRow({ sha, environment, description, statuses }: DeploymentRecord): Html {
  const told = statuses.map(
    ({ state, description: text, logUrl, environmentUrl }) =>
      html`<div><span class="state ${state}">${state}</span> ${text} ${linkTo(logUrl, 'log')} ${linkTo(environmentUrl, 'service')}</div>`,
  );
  return html`<tr><td>${environment}</td><td><code>${sha.slice(0, 10)}</code></td><td>${description ?? ''}${told}</td></tr>`;
}

function checkRunRow(
  { id, sha, name, status, conclusion, title }: CheckRunRecord,
  { fullName }: LocalRepository,
): Html {
  const shown = conclusion ?? status;
  return html`<tr><td><span class="state ${shown}">${shown}</span></td><td><code>${sha.slice(0, 10)}</code></td>
<td><a href="/${fullName}/runs/${id}">${name}</a>: ${title ?? ''}</td></tr>`;
}

export function linkTo(url: string, text: string): Html {
  return /^https?:\/\//.test(url) ? html`<a href="${url}" rel="nofollow noreferrer">${text}</a>` : html``;
}
