import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { ApiError } from './api-error.ts';
import { checkAccess, identityHeaders } from './check-access.ts';
import type { GithubFaultKind } from './github-faults.ts';
import { readCall } from './read-call.ts';
import type { Route } from './route.ts';
import { checkRunRoutes } from './routes/check-runs.ts';
import { commentRoutes } from './routes/comments.ts';
import { commitRoutes } from './routes/commits.ts';
import { deploymentRoutes } from './routes/deployments.ts';
import { gitRoutes } from './routes/git.ts';
import { issueRoutes } from './routes/issues.ts';
import { labelRoutes } from './routes/labels.ts';
import { pullRoutes } from './routes/pulls.ts';
import { issueWire } from './routes/wire.ts';
import { createInstallationToken, installationOf, searchIssues } from './routes/world-routes.ts';
import { sendReply } from './send-reply.ts';
import type { ServerState } from './server-state.ts';
import type { Identity } from './state/identity.ts';

const routes: readonly Route[] = [
  ...issueRoutes,
  ...commentRoutes,
  ...labelRoutes,
  ...deploymentRoutes,
  ...checkRunRoutes,
  ...commitRoutes,
  ...gitRoutes,
  ...pullRoutes,
];

/** Who the request of each open response comes from. */
const admitted = new WeakMap<Response, Identity>();

/** The endpoints of GitHub's REST API that Deploy Loop uses, and no other. */
export function serveApi(state: ServerState): Router {
  const api = Router();
  api.use(express.json({ limit: '10mb' }));
  api.use((request, response, next) => admit(state, request, response, next));
  for (const route of routes)
    api[route.method](`/repos/:owner/:repo${route.path}`, (request, response) =>
      answerRoute(state, route, request, response),
    );
  serveWorld(state, api);
  api.use(() => {
    throw new ApiError(404, 'Not Found');
  });
  api.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (!(error instanceof ApiError)) return next(error);
    response.set(error.headers).status(error.status).json(error.body);
  });
  return api;
}

/** Who it is, whether a limit or a fault ends it here, and what every answer carries. */
function admit(state: ServerState, request: Request, response: Response, next: NextFunction): void {
  const now = state.now();
  const call = `${request.method} ${request.path}`;
  response.set({ date: now.toUTCString(), 'x-github-request-id': state.nextRequestId() });
  // `fetch` sends it with each condition; Express would then never answer 304.
  delete request.headers['cache-control'];
  const fault = state.faults.take(call);
  response.on('close', () => state.calls.push({ call, status: response.statusCode, at: now }));
  if (fault && playFault(fault, request, response)) return;
  const identity = state.identities.authenticate(request.get('authorization') ?? '', now);
  if ('fault' in identity) throw new ApiError(401, identity.fault);
  admitted.set(response, identity);
  response.set(identityHeaders(identity));
  const who = whoOf(identity);
  const { exceeded, headers } = state.limits.take(who, request.method !== 'GET', now);
  response.set(headers);
  if (exceeded === 'primary') throw new ApiError(403, `API rate limit exceeded for ${who}.`);
  if (exceeded === 'secondary')
    throw new ApiError(
      403,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    );
  response.on('finish', () => {
    if (response.statusCode === 304) state.limits.giveBack(who);
  });
  next();
}

/** @returns whether the request ends here */
function playFault(fault: GithubFaultKind, request: Request, response: Response): boolean {
  if ('hang' in fault) return true;
  if ('dropRequest' in fault) {
    request.socket.destroy();
    return true;
  }
  if ('loseAnswer' in fault) {
    response.json = () => {
      request.socket.destroy();
      return response;
    };
    return false;
  }
  response.status(fault.status).set(fault.headers ?? {});
  if (typeof fault.body === 'string') response.type('html').end(fault.body);
  else response.json(fault.body ?? {});
  return true;
}

function answerRoute(state: ServerState, route: Route, request: Request, response: Response): void {
  const { owner, repo } = request.params;
  const identity = identityOf(response);
  const repository = checkAccess(identity, state.find(`${owner}/${repo}`), route);
  const { apiUrl, pageUrl } = state;
  const call = readCall(request, { repository, identity, now: state.now(), apiUrl, pageUrl });
  sendReply(request, response, route.handle(call), `${pageUrl}${request.originalUrl}`);
}

function serveWorld(state: ServerState, api: Router): void {
  api.post('/app/installations/:installation/access_tokens', (request, response) => {
    const { installation } = request.params;
    response
      .status(201)
      .json(createInstallationToken(state, identityOf(response), Number(installation), state.now()));
  });
  api.get('/repos/:owner/:repo/installation', (request, response) => {
    const { owner, repo } = request.params;
    response.json(installationOf(identityOf(response), state.find(`${owner}/${repo}`)));
  });
  api.get('/search/issues', (request, response) => {
    const lag = { lagMs: state.searchLagMs, now: state.now() };
    const found = searchIssues([...state.repositories.values()], String(request.query.q ?? ''), lag);
    const { apiUrl, pageUrl } = state;
    const items = found.map(({ repository, issue }) => issueWire(issue, { repository, apiUrl, pageUrl }));
    response.json({ total_count: items.length, incomplete_results: false, items });
  });
}

function identityOf(response: Response): Identity {
  const identity = admitted.get(response);
  if (!identity) throw new ApiError(401, 'Requires authentication');
  return identity;
}

function whoOf(identity: Identity): string {
  return identity.kind === 'app' ? `app ${identity.app.slug}` : identity.login;
}
