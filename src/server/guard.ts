import type { IncomingMessage } from 'node:http';

/** Why a request is not answered: a status and a sentence for whoever sent it. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/**
 * Headers of every answer: nothing is fetched from elsewhere, nothing is framed, nothing is guessed,
 * no other page gets to see it.
 */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; " +
    "style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Where paths of the API begin. */
export const API = '/api/';

/**
 * Who may ask: this very server's own pages. A foreign Host is a name that somebody else's page made
 * to point here (DNS rebinding); a foreign Origin is such a page itself.
 *
 * @param hosts what `Host` may be, in lower case
 */
export function refusalOf(
  { method, headers, url }: Pick<IncomingMessage, 'method' | 'headers' | 'url'>,
  hosts: ReadonlySet<string>,
): Refusal | null {
  const host = headers.host?.toLowerCase();
  if (host === undefined || !hosts.has(host))
    return { status: 421, reason: `this is no server for that host; it is ${[...hosts][0]}` };
  const { origin } = headers;
  if (origin !== undefined && !hosts.has(origin.toLowerCase().replace(/^http:\/\//, '')))
    return { status: 403, reason: 'pages of other origins may not ask this server' };
  if (headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate')
    return { status: 403, reason: 'pages of other sites may not ask this server' };
  if (method === 'POST' && url?.startsWith(API)) return null;
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, reason: 'this server is only read here: GET and HEAD' };
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  if (encoding !== undefined || (length !== undefined && length !== '0'))
    return { status: 413, reason: 'requests to this server have no body' };
  return null;
}

/** What `Host` may be for a server on that address and port. */
export function hostNames(host: string, port: number): ReadonlySet<string> {
  const names = new Set([nameInUrl(host)]);
  // Nobody else can make these names point anywhere but here.
  if (isLoopback(host)) for (const name of ['127.0.0.1', 'localhost', '[::1]']) names.add(name);
  const all = [...names].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]);
  return new Set(all.map((name) => name.toLowerCase()));
}

/** Whether an address reaches no further than this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** A host as addresses have it: IPv6 in brackets. */
export function nameInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
