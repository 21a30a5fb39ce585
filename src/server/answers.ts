import type { IncomingMessage, ServerResponse } from 'node:http';
import { printable, UserError } from '../core/errors.js';
import { SAFE_HEADERS } from './guard.js';

/** Thrown by what answers requests: a status and a sentence for whoever asked. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Sends a value as JSON. Nothing of it may be kept by browsers: studies change. */
export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  sendJsonText(response, Buffer.from(JSON.stringify(value)), status);
}

/** Sends what is JSON already. */
export function sendJsonText(response: ServerResponse, body: Buffer, status = 200): void {
  response
    .writeHead(status, {
      ...SAFE_HEADERS,
      'Content-Type': 'application/json',
      'Content-Length': body.length,
      'Cache-Control': 'no-store',
    })
    .end(response.req.method === 'HEAD' ? undefined : body);
}

/** Sends a text that a browser shows as what it is said to be, and runs nothing of. */
export function sendText(response: ServerResponse, type: string, text: string): void {
  const body = Buffer.from(text);
  response
    .writeHead(200, {
      ...SAFE_HEADERS,
      // A picture that is opened by itself is a document: it may do nothing at all.
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'Content-Type': type,
      'Content-Length': body.length,
      'Cache-Control': 'no-store',
    })
    .end(response.req.method === 'HEAD' ? undefined : body);
}

/** Says why something was not done, as `{error}`. */
export function sendProblem(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof HttpError) {
    for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
    sendJson(response, { error: error.message }, error.status);
  } else if (error instanceof UserError) sendJson(response, { error: error.message }, 422);
  else {
    sendJson(response, { error: 'internal: the server could not answer; see its terminal' }, 500);
    throw error;
  }
}

/** Most bytes of a request's body. */
const MOST_BODY = 64 * 1024;

/** The object in a request's body. Throws a `HttpError` where it is too long, or no object. */
export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json(;|$)/i.test(type))
    throw new HttpError(415, `a body must be application/json, got "${printable(type)}"`);
  const tooLong = new HttpError(413, `a body may have at most ${MOST_BODY} bytes`, {
    Connection: 'close',
  });
  if (Number(request.headers['content-length'] ?? 0) > MOST_BODY) throw tooLong;
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BODY) throw tooLong;
    parts.push(part);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new HttpError(400, 'a body must be a JSON object');
}
