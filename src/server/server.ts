import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { sendProblem } from './answers.js';
import { servedFile } from './files.js';
import { API, hostNames, nameInUrl, refusalOf, SAFE_HEADERS } from './guard.js';
import { listen } from './listen.js';
import { type ApiState, answerApi } from './routes.js';
import { FindingFigures } from './studies/findings.js';
import { studiesFolder } from './studies/folder.js';
import { commandRuns } from './studies/runs.js';
import { StudyShelf } from './studies/shelf.js';
import { studyStreams } from './studies/stream.js';

export interface StudioOptions {
  /** The directory of the built studio. */
  readonly root: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** The directory of studies, which need not be there yet; left out: the server has no API. */
  readonly studies?: StudiesOptions;
}

/** The studies that a server shows, and how it runs them. */
export interface StudiesOptions {
  readonly directory: string;
  /** The words of a command line that call Plexus. */
  readonly program: readonly string[];
  /** Further words of commands that run studies. */
  readonly runWords?: readonly string[];
  /** Of the commands. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called when a run begins or ends, with how many are under way. */
  readonly onRuns?: (busy: number) => void;
  /** Called where the server fails to answer by a fault of its own. */
  readonly onFault?: (error: unknown) => void;
}

/** A server that answers. */
export interface StudioServer {
  /** Where its first page is. */
  readonly url: string;
  readonly port: number;
  /** What pages must show to start and stop runs. */
  readonly token: string;
  /** Stops the runs that it has begun, then ends it, and what is still being sent with it. */
  close(): Promise<void>;
}

/** Longest request line with headers, in bytes. */
const MOST_HEADER_BYTES = 16 * 1024;
/** Milliseconds for the head of a request to come, and for all of it. */
const HEADER_TIME = 5_000;
const REQUEST_TIME = 10_000;
const MOST_CONNECTIONS = 64;

/**
 * Serves the built studio, and the studies of a directory. Reading changes nothing; what starts or
 * stops something needs the token.
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
  const token = randomBytes(24).toString('base64url');
  const api = options.studies === undefined ? null : apiOf(options.studies, token);
  const onFault = options.studies?.onFault ?? (() => undefined);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const refusal = refusalOf(request, hosts);
    if (refusal !== null) {
      // What is still being sent is not read.
      response.shouldKeepAlive = false;
      send(response, refusal.status, refusal.reason);
    } else if (api !== null && request.url?.startsWith(API) === true)
      void answerStudies(api, request, response).catch(onFault);
    else answerFile(request, response, options.root);
  });
  return {
    url: `http://${nameInUrl(options.host)}:${port}/`,
    port,
    token,
    close: async () => {
      api?.streams.close();
      api?.findings.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await api?.shelf.runs.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function apiOf(studies: StudiesOptions, token: string): ApiState {
  const runs = commandRuns(studies.program, studies.env, studies.onRuns);
  const shelf = new StudyShelf(studiesFolder(studies.directory), runs);
  const { env, runWords = [] } = studies;
  return {
    shelf,
    streams: studyStreams(shelf, studies.onFault ?? (() => undefined)),
    findings: new FindingFigures(studies.program, env),
    token,
    runWords,
    env,
  };
}

async function answerStudies(
  api: ApiState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await answerApi(api, request, response);
  } catch (error) {
    sendProblem(response, error);
  }
}

function answerFile(request: IncomingMessage, response: ServerResponse, root: string): void {
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
