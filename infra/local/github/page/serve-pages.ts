import { readFileSync } from 'node:fs';
import { type Request, type Response, Router } from 'express';
import type { ServerState } from '../server-state.ts';
import { type Html, html } from './html.ts';
import { showRepository } from './show-repository.ts';
import { showCheckRun, showIssue } from './show-texts.ts';

/** No script, no frame, no form, and nothing from elsewhere. */
const policy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const style = readFileSync(new URL('style.css', import.meta.url), 'utf8');

/** Pages that show what was written, rendered. */
export function servePages(state: ServerState): Router {
  const pages = Router();
  pages.use((_request, response, next) => {
    response.set({ 'content-security-policy': policy, 'x-content-type-options': 'nosniff' });
    next();
  });
  pages.get('/style.css', (_request, response) => {
    response.type('css').send(style);
  });
  pages.get('/', (_request, response) => {
    const names = [...state.repositories.values()].map(({ fullName }) => fullName);
    const rows = names.map((name) => html`<li><a href="/${name}">${name}</a></li>`);
    send(response, 'Repositories', html`<h1>Repositories</h1><ul>${rows}</ul>`);
  });
  pages.get('/:owner/:repo', (request, response) => {
    const repository = repositoryOf(state, request);
    send(response, repository?.fullName ?? '', repository && showRepository(repository));
  });
  pages.get(['/:owner/:repo/issues/:id', '/:owner/:repo/pull/:id'], (request, response) => {
    const repository = repositoryOf(state, request);
    const issue = repository?.issues.get(Number(request.params.id));
    send(response, issue?.title ?? '', repository && issue && showIssue(issue, repository));
  });
  pages.get('/:owner/:repo/runs/:id', (request, response) => {
    const repository = repositoryOf(state, request);
    const run = repository?.checkRuns.get(Number(request.params.id));
    send(response, run?.name ?? '', repository && run && showCheckRun(run, repository));
  });
  return pages;
}

function repositoryOf(state: ServerState, { params: { owner, repo } }: Request) {
  return state.find(`${owner}/${repo}`);
}

function send(response: Response, title: string, content: Html | undefined): void {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="stylesheet" href="/style.css"></head>
<body>${content ?? html`<h1>Not found</h1>`}</body></html>`;
  response
    .status(content ? 200 : 404)
    .type('html')
    .send(page.text);
}
