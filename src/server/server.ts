import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { UserError } from '../core/errors.js';
import { errorCode } from '../platform/fs.js';
import { servedFile } from './files.js';
import { hostNames, isLoopback, nameInUrl, refusalOf, SAFE_HEADERS } from './guard.js';

export interface StudioOptions {
  /** The directory of the built studio. */
  readonly root: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** A server that answers. */
export interface StudioServer {
  /** Where its first page is. */
  readonly url: string;
  readonly port: number;
  /** Ends it, and what is still being sent with it. */
  close(): Promise<void>;
}

/** Longest request line with headers, in bytes. */
const MOST_HEADER_BYTES = 16 * 1024;
/** Milliseconds for the head of a request to come, and for all of it. */
const HEADER_TIME = 5_000;
const REQUEST_TIME = 10_000;
const MOST_CONNECTIONS = 64;

/**
 * Serves the built studio, read only.
 *
 * @throws UserError where the port is taken, and says the next one that is free
 */
export async function serveStudio(options: StudioOptions): Promise<StudioServer> {
  const server = createServer({
    maxHeaderSize: MOST_HEADER_BYTES,
    headersTimeout: HEADER_TIME,
    requestTimeout: REQUEST_TIME,
    requireHostHeader: true,
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, options.host, options.port);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const hosts = hostNames(options.host, port);
  server.on('request', (request: IncomingMessage, response: ServerResponse) =>
    answer(request, response, options.root, hosts),
  );
  return {
    url: `http://${nameInUrl(options.host)}:${port}/`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  root: string,
  hosts: ReadonlySet<string>,
): void {
  const refusal = refusalOf(request, hosts);
  if (refusal !== null) {
    // What is still being sent is not read.
    response.shouldKeepAlive = false;
    send(response, refusal.status, refusal.reason);
    return;
  }
  const [path = '/'] = (request.url ?? '/').split('?');
  const file = servedFile(root, path);
  if (file === null) {
    send(response, 404, 'there is nothing here');
    return;
  }
  const headers = {
    ...SAFE_HEADERS,
    ETag: file.tag,
    'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (request.headers['if-none-match'] === file.tag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, {
    ...headers,
    'Content-Type': file.type,
    'Content-Length': file.bytes.length,
  });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

function send(response: ServerResponse, status: number, reason: string): void {
  response
    .writeHead(status, { ...SAFE_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' })
    .end(`${reason}\n`);
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await tryPort(server, host, port);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EADDRINUSE') {
      const free = await nextFree(host, port);
      const remedy =
        free === null ? 'choose another with --port' : `${free} is free: --port ${free}`;
      throw new UserError(`the port ${port} must be free, but something uses it; ${remedy}`);
    }
    if (code === 'EACCES')
      throw new UserError(
        `the port ${port} must be one that you may open, got permission denied; ` +
          'choose one above 1023 with --port',
      );
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
      throw new UserError(
        `the host must be an address of this machine, got ${host}; 127.0.0.1 is this machine ` +
          `alone${isLoopback(host) ? '' : ', 0.0.0.0 all its addresses'}`,
      );
    throw error;
  }
}

function tryPort(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Ports that are tried for one that is free. */
const TRIES = 50;

async function nextFree(host: string, port: number): Promise<number | null> {
  for (let next = port + 1; next <= Math.min(65_535, port + TRIES); next++) {
    const probe = createServer();
    try {
      await tryPort(probe, host, next);
      await new Promise((resolve) => probe.close(resolve));
      return next;
    } catch {
      // Taken too.
    }
  }
  return null;
}
