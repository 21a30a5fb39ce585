import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StudyList } from '../../src/analysis/study-entry.js';
import type { StudyStatus } from '../../src/analysis/status.js';
import { summarise } from '../../src/analysis/summarise.js';
import type { TrialRows, TrialTable } from '../../src/analysis/trial-table.js';
import { serveStudio, type StudioServer } from '../../src/server/server.js';
import { entryWithout } from '../../src/server/studies/live.js';
import { readStudy } from '../../src/store/directory.js';
import { formatLine } from '../../src/study/log-line.js';
import { formatPosition, parsePosition } from '../../src/store/log-position.js';
import { parseStudySpec, studyHash } from '../../src/store/spec-file.js';
import { writeState } from '../../src/store/state.js';
import { StudyFollower } from '../../src/store/study-follower.js';
import { writtenSpec } from '../../src/study/spec-text.js';
import { plexus } from '../cli/harness.js';
import { begin, madeUp, makeStudies, smallSpec, writeWorkerLogs } from './studies.js';

let directory: string;
let server: StudioServer;

beforeAll(async () => {
  directory = makeStudies();
  const secret = join(directory, '..', 'plexus-secret.json');
  writeFileSync(secret, '{"secret": 1}');
  mkdirSync(join(directory, 'link-file'));
  symlinkSync(secret, join(directory, 'link-file', 'study.json'));
  symlinkSync(join(directory, '..'), join(directory, 'link-folder'));
  await begin(join(directory, 'small'), smallSpec('small', 6, 2));
  await begin(join(directory, 'workers'), smallSpec('workers', 6, 2));
  writeWorkerLogs(join(directory, 'workers'), 3);
  server = await serveStudio({
    root: directory,
    host: '127.0.0.1',
    port: 0,
    // Prints what it was called with, and ends.
    studies: {
      directory,
      program: [process.execPath, '-e', 'console.error(process.argv)'],
      env: {},
    },
  });
});

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

/** A body that asks for a small study. */
function specOf({ name = 'new', graph = 'star:n=16' }: { name?: string; graph?: string }): string {
  return JSON.stringify({ spec: smallSpec(name, 1, 1).replace(/- ws-flex.*/, `- ${graph}`) });
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: server.port, path, method, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        const { statusCode: status = 0, headers: got } = response;
        response.on('end', () => resolve({ status, type: got['content-type'] ?? '', body: text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const json = async <T>(path: string): Promise<T> => JSON.parse((await ask(path)).body) as T;

/** The list, when all of it has been read. */
async function wholeList(): Promise<StudyList> {
  for (;;) {
    const list = await json<StudyList>('/api/studies');
    if (list.studies.every(({ state }) => state !== 'reading')) return list;
  }
}

/** Events of a stream, until there are so many. */
function events(path: string, count: number, headers: Record<string, string> = {}) {
  return new Promise<{ event: string; id: string; data: unknown }[]>((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: server.port, path, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
          const whole = text
            .split('\n\n')
            .slice(0, -1)
            .filter((each) => /^event/m.test(each));
          if (whole.length < count) return;
          sent.destroy();
          resolve(
            whole.map((each) => ({
              event: /^event: (.*)$/m.exec(each)![1]!,
              id: /^id: (.*)$/m.exec(each)?.[1] ?? '',
              data: JSON.parse(/^data: (.*)$/m.exec(each)![1]!) as unknown,
            })),
          );
        });
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

describe('what can be read of studies', () => {
  it('is the list, with what each has come to', async () => {
    const { studies } = await wholeList();
    const found = studies.map(({ id, state }) => `${id}: ${state}`);
    expect(found).toEqual([
      'link-file: unreadable',
      'more/registered: registered',
      'quick: complete',
      'small: stopped',
      'workers: complete',
    ]);
    const quick = studies.find(({ id }) => id === 'quick')!;
    expect(quick.verdict!.winner).toBe('graphs');
    expect(quick.trials).toMatchObject({ total: 121, complete: 121 });
  });

  it('is what the commands print', async () => {
    const { out } = await plexus(['study', 'status', join(directory, 'quick'), '--json']);
    expect(await json<StudyStatus>('/api/studies/quick')).toEqual(JSON.parse(out));
    const workers = await json<StudyStatus>('/api/studies/workers');
    const { out: printed } = await plexus([
      'study',
      'status',
      join(directory, 'workers'),
      '--json',
    ]);
    expect(workers).toEqual(JSON.parse(printed));
    const study = readStudy(join(directory, 'quick'));
    const { spec, records, state, registration } = study;
    const summary = summarise({ spec, records, dataIdentity: state.data, registration });
    expect(await json('/api/studies/quick/summary')).toEqual(JSON.parse(JSON.stringify(summary)));
    const record = await json('/api/studies/quick/trials/17');
    expect(record).toEqual(JSON.parse(JSON.stringify(study.records[17])));
  });

  it('is every trial in columns, with the reasons of failures', async () => {
    const { rows, graphs, seeds } = await json<TrialTable>('/api/studies/workers/trials');
    const { records } = readStudy(join(directory, 'workers'));
    expect(rows.index).toEqual(records.map(({ index }) => index));
    records.forEach((record, at) => {
      expect(graphs[record.index % graphs.length]!.spec).toBe(record.graph);
      expect(seeds[Math.floor(record.index / graphs.length)]).toBe(record.seed);
      expect(rows.error[at]).toBe(record.status === 'complete' ? record.error : null);
      if (record.status === 'failed') expect(rows.reasons[record.index]).toBe(record.reason);
    });
    expect(rows.status).toBe('ccccccfccccccf');
  });

  it('is each figure of the report, which can do nothing in a page', async () => {
    const { status, type, body } = await ask(
      '/api/studies/quick/figures/error-over-clustering.svg',
    );
    expect([status, type]).toEqual([200, 'image/svg+xml; charset=utf-8']);
    expect(body).toMatch(/^<svg /);
    expect((await ask('/api/studies/quick/figures/search.svg')).status).toBe(404);
    expect((await ask('/api/studies/quick/figures/constructor.svg')).status).toBe(404);
  });

  it('is a comparison, as the command makes it', async () => {
    const compared = await json<object>('/api/compare?study=workers&study=quick');
    const places = ['workers', 'quick'].map((id) => join(directory, id));
    const { out } = await plexus(['study', 'compare', ...places, '--json', '--resamples', '100']);
    expect(compared).toEqual({
      comparisons: (JSON.parse(out) as { comparisons: unknown }).comparisons,
    });
    expect((await ask('/api/compare?study=quick')).status).toBe(400);
    expect((await ask('/api/compare?study=quick&study=..')).status).toBe(404);
    expect((await ask('/api/compare?study=quick&study=more%2Fregistered')).status).toBe(422);
  });

  it('changes nothing on the disk', async () => {
    const place = join(directory, 'workers');
    const names = (): string[] => readdirSync(place, { recursive: true, encoding: 'utf8' });
    const before = names().sort();
    for (const part of ['', '/summary', '/trials', '/trials/0', '/figures/heat-map.svg'])
      await ask(`/api/studies/workers${part}`);
    await events('/api/studies/workers/events', 1);
    expect(names().sort()).toEqual(before);
  });
});

describe('what is new in a study', () => {
  it('comes as it is written, at byte offsets, also after a pause', async () => {
    const place = join(directory, 'small');
    const log = join(place, 'trials.ndjson');
    const record = madeUp(place);
    const first = formatLine(record(0));
    appendFileSync(log, first);
    const { position } = await json<TrialTable>('/api/studies/small/trials');
    expect(position).toBe(String(first.length));
    const coming = events(`/api/studies/small/events?from=${position}`, 3);
    setTimeout(() => appendFileSync(log, formatLine(record(1)) + formatLine(record(2))), 100);
    const told = await coming;
    const trials = told.find(({ event }) => event === 'trials')!;
    expect((trials.data as TrialRows).index).toEqual([1, 2]);
    expect(trials.id).toBe(String(readFileSync(log).length));
    // The header of a browser that comes back counts more than the address that it began with.
    const again = await events(`/api/studies/small/events?from=${trials.id}`, 1, {
      'Last-Event-ID': position!,
    });
    expect(again[0]!.event).toBe('trials');
    expect((again[0]!.data as TrialRows).index).toEqual([1, 2]);
  });

  it.each([
    ['beyond the end', '999999'],
    ['below 0', '-1'],
    ['a word', 'x'],
    ['another log', '1,y:2'],
    ['too long', '1'.repeat(7000)],
    ['nothing', ''],
  ])('is told anew to who comes from a position that is %s', async (_, from) => {
    const [told] = await events(`/api/studies/small/events?from=${from}`, 1);
    expect(told!.event).toBe('anew');
  });

  it('is half a line only when all of it is there', async () => {
    const place = join(directory, 'torn');
    await begin(place, smallSpec('torn', 2, 1));
    const line = formatLine(madeUp(place)(0));
    const follower = new StudyFollower(place);
    appendFileSync(join(place, 'trials.ndjson'), line.slice(0, 40));
    expect((await follower.refresh()).trials.size).toBe(0);
    appendFileSync(join(place, 'trials.ndjson'), line.slice(40, -1));
    expect([...(await follower.refresh()).trials]).toEqual([0]);
    appendFileSync(join(place, 'trials.ndjson'), `\n{"damaged"\n${formatLine(madeUp(place)(1))}`);
    expect([...(await follower.refresh()).trials]).toEqual([1]);
    expect(follower.damaged).toEqual([{ file: '', line: 2 }]);
    expect(follower.records.map(({ index }) => index)).toEqual([0, 1]);
    // A log that another took the place of is read from its beginning.
    const log = join(place, 'trials.ndjson');
    copyFileSync(log, `${log}.copy`);
    rmSync(log);
    writeFileSync(log, line);
    expect(await follower.refresh()).toMatchObject({ anew: true });
    expect(follower.records.map(({ index }) => index)).toEqual([0]);
  });

  it('says of all logs where it is, as one word', () => {
    const position = new Map([
      ['', 12],
      ['a,b:c\n%.ndjson', 3],
    ]);
    expect(parsePosition(formatPosition(position)!)).toEqual(position);
    expect(formatPosition(new Map([['', 5120]]))).toBe('5120');
    const many = Array.from({ length: 500 }, (_, at): [string, number] => [`worker-${at}.n`, 1]);
    expect(formatPosition(new Map(many))).toBeNull();
  });
});

describe('the attack list', () => {
  it.each([
    '/api/studies/..',
    '/api/studies/%2e%2e',
    '/api/studies/..%2f..%2fetc',
    '/api/studies/%252e%252e',
    '/api/studies/quick%2f..%2f..',
    '/api/studies/quick/..%2f..%2fstudy.json',
    '/api/studies/link-folder',
    '/api/studies/link-folder%2fplexus-secret.json',
    '/api/studies/.%2fquick',
    '/api/studies/quick%00',
    '/api/studies/quick%5c..',
    '/api/studies/%2fetc',
    '/api/studies/C:%5c',
    '/api/studies/',
    '/api/studies/quick/',
    '/api/studies/quick/nothing',
    '/api/studies/quick/trials/-1',
    '/api/studies/quick/trials/1e3',
    '/api/studies/quick/trials/99999',
    '/api/studies/quick/figures/..%2fstudy.json',
    '/api/studies/quick/trials/1/2',
    '/api/nothing',
    '/api/',
    '/api/studies/__proto__',
  ])('has nothing at %s', async (path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(body).not.toContain('secret');
  });

  it('says nothing of what a link leads to', async () => {
    const { status, body } = await ask('/api/studies/link-file');
    expect(status).toBe(422);
    expect(body).toMatch(/study.json of this study is a link that leads out/);
    expect(body).not.toContain('"secret"');
  });

  it('reads no graph and no list outside of the directory', async () => {
    const place = join(directory, 'outside');
    await begin(place, smallSpec('outside', 2, 1));
    const { paths, state, spec } = readStudy(place);
    rmSync(paths.spec);
    const secret = join(directory, '..', 'plexus-secret.json');
    const graphs = [`file:${secret}`, ...spec.graphs];
    const written = JSON.stringify(writtenSpec({ ...spec, graphs }));
    const changed = parseStudySpec(written, paths.state, { frozen: true });
    writeState(paths, { ...state, spec: changed, specHash: studyHash(changed) });
    const graph = await ask('/api/studies/outside');
    expect([graph.status, graph.body]).toEqual([
      422,
      expect.stringMatching(/but a graph of this study/),
    ]);
    const text = readFileSync(paths.state, 'utf8').replace(/"file:[^"]*"/, `{"file": "${secret}"}`);
    writeFileSync(paths.state, text);
    const list = await ask('/api/studies/outside');
    expect([list.status, list.body]).toEqual([422, expect.stringMatching(/graphs written out/)]);
    expect(list.body).not.toContain('"secret"');
    rmSync(place, { recursive: true });
  });

  it.each(['evil.example', '127.0.0.1', '127.0.0.1.evil.example:80'])(
    'refuses the host "%s"',
    async (host) => {
      expect((await ask('/api/studies', { headers: { Host: host } })).status).toBe(421);
    },
  );

  it.each(['http://evil.example', 'null', 'http://127.0.0.1:1'])(
    'refuses the origin %s',
    async (origin) => {
      const headers = { ...authorised(), Origin: origin };
      expect((await ask('/api/studies', { headers })).status).toBe(403);
      const sent = await ask('/api/studies/small/run', { method: 'POST', headers, body: '{}' });
      expect(sent.status).toBe(403);
    },
  );

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('refuses %s', async (method) => {
    expect((await ask('/api/studies/quick', { method })).status).toBe(405);
  });

  const authorised = (): Record<string, string> => ({
    'Content-Type': 'application/json',
    Authorization: `Bearer ${server.token}`,
  });
  const post = (
    path: string,
    body: string,
    headers: Record<string, string> = authorised(),
  ): Promise<Reply> => ask(`/api/studies/${path}`, { method: 'POST', headers, body });

  it('starts nothing without the token', async () => {
    for (const Authorization of ['', 'Bearer ', 'Bearer wrong', server.token, 'Basic eDp5']) {
      const headers = { 'Content-Type': 'application/json', Authorization };
      for (const action of ['run', 'stop', 'retry'])
        expect((await post(`small/${action}`, '{}', headers)).status).toBe(403);
    }
    expect((await ask(`/api/studies/small/run?token=${server.token}`)).status).toBe(404);
  });

  it.each([
    ['small/run', '{', 400],
    ['small/run', '[]', 400],
    ['small/run', 'null', 400],
    ['small/run', '{"workers": 9}', 400],
    ['small/retry', '{"trials": ["--json"]}', 400],
    ['small/retry', '{"trials": [1.5]}', 400],
    ['small/run', `{"x":"${'x'.repeat(70_000)}"}`, 413],
    ['nothing/run', '{}', 404],
    ['..%2f..%2fetc/run', '{}', 404],
    ['small/remove', '{}', 404],
    ['small', '{}', 404],
    ['small/stop', '{}', 422],
  ])('answers POST %s %s with %i', async (path, body, status) => {
    expect((await post(path, body)).status).toBe(status);
  });

  it.each([
    ['no spec', '{}', 400, 'spec must be the text of a spec'],
    ['another key', '{"spec": "", "out": "/"}', 400, '"out" means nothing here'],
    ['no YAML', '{"spec": "{"}', 422, 'the new study'],
    ['a name that leads out', specOf({ name: '../out' }), 422, 'name'],
    ['a hidden name', specOf({ name: '.out' }), 422, 'name'],
    ['a name that is taken', specOf({ name: 'small' }), 422, 'small is there already'],
    ['a graph from elsewhere', specOf({ graph: 'file:path=/etc/hosts' }), 422, '/etc/hosts'],
    // The command of this server prints its words, and begins nothing.
    ['what the command refuses', specOf({}), 422, `'DIR/new.yaml'`],
  ])('begins no study of %s', async (_, body, status, problem) => {
    const before = readdirSync(directory);
    const reply = await ask('/api/studies', { method: 'POST', headers: authorised(), body });
    const { error } = JSON.parse(reply.body) as { error: string };
    expect([reply.status, error]).toEqual([
      status,
      expect.stringContaining(problem.replace('DIR', directory)),
    ]);
    expect(readdirSync(directory)).toEqual(before);
    const headers = { 'Content-Type': 'application/json' };
    expect((await ask('/api/studies', { method: 'POST', headers, body })).status).toBe(403);
  });

  it('has no findings where the command draws none', async () => {
    expect((await ask('/api/studies/quick/findings/surface.svg')).status).toBe(404);
    expect((await ask('/api/studies/quick/findings/..%2f..%2fetc.svg')).status).toBe(404);
  });

  it('takes JSON alone, which no form of another page can send', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
      const headers = { ...authorised(), 'Content-Type': type };
      expect((await post('small/run', '{}', headers)).status).toBe(415);
    }
  });

  it('gives up slow bodies and goes on', async () => {
    const head =
      `POST /api/studies/small/run HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n` +
      `Authorization: Bearer ${server.token}\r\nContent-Type: application/json\r\n` +
      'Content-Length: 60000\r\n\r\n{';
    const sockets = Array.from({ length: 8 }, () => {
      const socket = connect(server.port, '127.0.0.1', () => socket.write(head));
      return socket.on('error', () => undefined);
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await ask('/api/studies/quick')).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  it('hands a command its words, never to a shell', async () => {
    expect((await post('small/run', '{"retryFailed": true}')).status).toBe(202);
    const end = Date.now() + 5000;
    let said = '';
    while (Date.now() < end && !said.includes('small')) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const { studies } = await json<StudyList>('/api/studies');
      said = studies.find(({ id }) => id === 'small')!.run?.lines.join(' ') ?? '';
    }
    for (const word of ['study', 'run', '--retry-failed', '--', join(directory, 'small')])
      expect(said).toContain(`'${word}'`);
  });
});

describe('the entry of a study that cannot be read', () => {
  it('tells what the disk did, and faults of our own as such', () => {
    const gone = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    const problem = (error: unknown): string | null => entryWithout('a', '/a', error, null).problem;
    expect(problem(gone)).toBe('EACCES: permission denied');
    expect(problem(new TypeError('x is undefined'))).toBe('internal: x is undefined');
  });
});
