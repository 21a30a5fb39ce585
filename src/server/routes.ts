import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { printable } from '../core/errors.js';
import { HttpError, readBody, sendJson, sendJsonText, sendText } from './answers.js';
import { connectomeAnswer } from './connectomes.js';
import { API } from './guard.js';
import { comparisonsOf } from './studies/compare.js';
import type { FindingFigures } from './studies/findings.js';
import { studyFigure } from './studies/figures.js';
import { beginNewStudy } from './studies/new-study.js';
import type { LiveStudy } from './studies/live.js';
import { spikeFigureOf, spikeFigures } from './studies/spikes.js';
import type { StudyShelf } from './studies/shelf.js';
import type { Streams } from './studies/stream.js';

/** What answers requests to the API. */
export interface ApiState {
  readonly shelf: StudyShelf;
  readonly streams: Streams;
  readonly findings: FindingFigures;
  /** Environment variables, which name the data directory. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What must come with all that writes or starts. */
  readonly token: string;
  /** Further words of commands that run studies. */
  readonly runWords: readonly string[];
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** Answers a request whose path begins with `/api/`. Throws a `HttpError` or a `UserError`. */
export async function answerApi(
  state: ApiState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://studio.invalid');
  const parts = (request.url ?? '').split('?')[0]?.slice(API.length).split('/').map(decoded) ?? [];
  const answer =
    request.method === 'POST' ? postRoute(state, parts) : getRoute(state, parts, url.searchParams);
  await answer(request, response);
}

function decoded(part: string): string {
  try {
    // Browsers take `.`, the id of a directory that is a study itself, out of a path: theirs is `./.`.
    return decodeURIComponent(part).replace(/^\.\/\.$/, '.');
  } catch {
    throw new HttpError(400, `"${printable(part)}" has a broken % in it`);
  }
}

const nothing = (): HttpError => new HttpError(404, 'there is nothing here');

function getRoute(
  { shelf, streams, findings, env }: ApiState,
  parts: readonly string[],
  query: URLSearchParams,
): Answer {
  const [list, id, what, which, ...more] = parts;
  if (list === 'connectomes' && id !== undefined && what === undefined)
    return (_, response) => sendJson(response, connectomeAnswer(id, query.get('directed'), env));
  if (list === 'compare' && id === undefined)
    return async (_, response) =>
      sendJson(response, { comparisons: await comparisonsOf(shelf, query.getAll('study')) });
  if (list !== 'studies' || more.length > 0 || parts.includes('')) throw nothing();
  if (id === undefined) return async (_, response) => sendJson(response, await shelf.list());
  if (what === 'events' && which === undefined)
    return (request, response) => {
      if (request.method === 'HEAD') throw nothing();
      const last = request.headers['last-event-id'];
      return streams.open(response, id, typeof last === 'string' ? last : query.get('from'));
    };
  const read = STUDY_ROUTES.get(`${what ?? ''}${which === undefined ? '' : '/*'}`);
  if (read === undefined) throw nothing();
  return async (_, response) => {
    const study = shelf.find(id);
    if (study === null) throw new HttpError(404, 'there is no such study');
    await study.look();
    await read(study, which ?? '', response, findings);
  };
}

type StudyAnswer = (
  study: LiveStudy,
  which: string,
  response: ServerResponse,
  findings: FindingFigures,
) => Promise<void> | void;

const figureName = (file: string): string | undefined => /^([a-z-]{1,40})\.svg$/.exec(file)?.[1];

function sendFigure(response: ServerResponse, svg: string | null): void {
  if (svg === null) throw new HttpError(404, 'the study has no such figure');
  sendText(response, 'image/svg+xml; charset=utf-8', svg);
}

/** What can be read of a study, by the rest of the path. */
const STUDY_ROUTES: ReadonlyMap<string, StudyAnswer> = new Map<string, StudyAnswer>([
  ['', (study, _, response) => sendJson(response, study.status())],
  ['summary', (study, _, response) => sendJson(response, study.summary())],
  ['trials', (study, _, response) => sendJsonText(response, study.tableText())],
  [
    'trials/*',
    async (study, which, response) => {
      const record = /^\d{1,9}$/.test(which) ? await study.wholeRecord(Number(which)) : null;
      if (record === null) throw new HttpError(404, 'there is no record of such a trial');
      sendJson(response, record);
    },
  ],
  [
    'figures/*',
    async (study, which, response) => {
      const name = figureName(which);
      sendFigure(response, name === undefined ? null : await studyFigure(study, name));
    },
  ],
  ['spikes', (study, _, response) => sendJson(response, { figures: spikeFigures(study) })],
  ['spikes/*', (study, which, response) => sendFigure(response, spikeFigureOf(study, which))],
  [
    'findings/*',
    async (study, which, response, findings) => {
      const name = figureName(which);
      sendFigure(response, name === undefined ? null : await findings.figure(study, name));
    },
  ],
]);

/** What the page may ask to be done with a study. */
const ACTIONS = ['run', 'stop', 'retry'] as const;

function postRoute({ shelf, token, runWords }: ApiState, parts: readonly string[]): Answer {
  const [list, id, action, ...more] = parts;
  const known = ACTIONS.find((each) => each === action);
  if (list !== 'studies' || more.length > 0 || (id === undefined) !== (known === undefined))
    throw nothing();
  return async (request, response) => {
    if (!isToken(request.headers.authorization, token))
      throw new HttpError(
        403,
        'the page must show the token of this server to start or stop anything; open the address ' +
          'that its terminal shows',
      );
    const body = await readBody(request);
    if (id === undefined) {
      const { spec } = bodyOf(body, ['spec']);
      if (typeof spec !== 'string') throw new HttpError(400, 'spec must be the text of a spec');
      sendJson(response, await beginNewStudy(shelf, spec, runWords), 202);
      return;
    }
    const study = shelf.find(id);
    if (study === null) throw new HttpError(404, 'there is no such study');
    const { runs } = shelf;
    if (known === 'stop') {
      bodyOf(body, []);
      runs.stop(study.directory);
    } else if (known === 'run') {
      const { retryFailed } = bodyOf(body, ['retryFailed']);
      const again = retryFailed === true ? ['--retry-failed'] : [];
      runs.start(study.directory, ['run', ...again, ...runWords, '--', study.directory]);
    } else {
      const { trials = [] } = bodyOf(body, ['trials']);
      if (!Array.isArray(trials) || !trials.every((trial) => Number.isSafeInteger(trial)))
        throw new HttpError(400, 'trials must be a list of whole numbers');
      runs.start(study.directory, ['retry', '--', study.directory, ...trials.map(String)]);
    }
    sendJson(response, await shelf.entry(id), 202);
  };
}

/** The object, where it has no other keys. */
function bodyOf(
  body: Record<string, unknown>,
  keys: readonly string[],
): Readonly<Record<string, unknown>> {
  const other = Object.keys(body).find((key) => !keys.includes(key));
  if (other !== undefined)
    throw new HttpError(
      400,
      `"${printable(other)}" means nothing here; keys are ${keys.join(', ') || 'none'}`,
    );
  return body;
}

/** Compares in a time that does not tell how much of the token is right. */
function isToken(given: string | undefined, token: string): boolean {
  const [one, two] = [Buffer.from(given ?? ''), Buffer.from(`Bearer ${token}`)];
  return one.length === two.length && timingSafeEqual(one, two);
}
