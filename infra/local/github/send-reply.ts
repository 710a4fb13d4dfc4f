import type { Request, Response } from 'express';
import type { Reply } from './route.ts';

const mostPerPage = 100;
const usualPerPage = 30;

/** Sends one page of a list, with `Link` (docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api). */
export function sendReply(request: Request, response: Response, reply: Reply, url: string): void {
  response.status(reply.status);
  // Express adds a weak ETag, and answers 304 to `If-None-Match`, as GitHub does.
  if (reply.list && Array.isArray(reply.body)) sendPage(request, response, reply.body, reply.list, url);
  else response.json(reply.body);
}

function sendPage(
  request: Request,
  response: Response,
  all: readonly unknown[],
  { wrapped }: { readonly wrapped?: string },
  url: string,
): void {
  const perPage = Math.min(readNumber(request.query.per_page, usualPerPage), mostPerPage);
  const page = readNumber(request.query.page, 1);
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const links = [
    ...(page > 1 ? [linkTo(url, page - 1, 'prev'), linkTo(url, 1, 'first')] : []),
    ...(page < last ? [linkTo(url, page + 1, 'next'), linkTo(url, last, 'last')] : []),
  ];
  if (links.length > 0) response.setHeader('link', links.join(', '));
  const shown = all.slice((page - 1) * perPage, page * perPage);
  response.json(wrapped === undefined ? shown : { total_count: all.length, [wrapped]: shown });
}

function linkTo(url: string, page: number, relation: string): string {
  const target = new URL(url);
  target.searchParams.set('page', String(page));
  return `<${target.href}>; rel="${relation}"`;
}

function readNumber(value: unknown, otherwise: number): number {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : otherwise;
}
