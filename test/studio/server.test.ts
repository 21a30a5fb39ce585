import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostNames, refusalOf } from '../../src/server/guard.js';
import { serveStudio, type StudioServer } from '../../src/server/server.js';
import { plexus } from '../cli/harness.js';

let directory: string;
let server: StudioServer;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-server-'));
  const root = join(directory, 'studio');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>studio</title>');
  writeFileSync(join(root, 'assets', 'main-abc.js'), 'export {};');
  writeFileSync(join(root, 'notes.md'), 'no type of it is served');
  writeFileSync(join(directory, 'secret.txt'), 'secret');
  writeFileSync(join(root, '.hidden.txt'), 'secret');
  symlinkSync(join(directory, 'secret.txt'), join(root, 'link.txt'));
  symlinkSync(directory, join(root, 'out'));
  server = await serveStudio({ root, host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const sent = request(
      { host: '127.0.0.1', port: server.port, path, method, headers, agent: false },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** What comes back for bytes that no client would send. */
function askRaw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', (part) => (got += String(part)));
    socket.on('close', () => resolve(got));
    socket.on('error', () => resolve(got));
  });
}

describe('the server of the studio', () => {
  it('sends its page, and nothing that the page does not need may be fetched', async () => {
    const { status, headers, body } = await ask('/');
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).toContain('<title>studio</title>');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'/);
    expect(headers['content-security-policy']).not.toMatch(/unsafe-inline|https?:|\*/);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('says that nothing has changed to who has it already', async () => {
    const { headers } = await ask('/');
    const again = await ask('/', { headers: { 'If-None-Match': headers.etag! } });
    expect([again.status, again.body]).toEqual([304, '']);
    const asset = await ask('/assets/main-abc.js');
    expect(asset.headers['cache-control']).toContain('immutable');
    expect((await ask('/', { method: 'HEAD' })).body).toBe('');
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%252e%252e%252fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/link.txt',
    '/out/secret.txt',
    '/.hidden.txt',
    '/assets',
    '/assets/',
    '/notes.md',
    '/index.html%00.txt',
    '/index.html/',
    '/nothing.html',
    'http://127.0.0.1/secret.txt',
  ])('has nothing at %s', async (path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(body).not.toContain('secret');
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1.evil.example'])(
    'refuses the host "%s"',
    async (host) => {
      expect((await ask('/', { headers: { Host: host } })).status).toBe(421);
    },
  );

  it.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])('answers as %s', async (name) => {
    expect((await ask('/', { headers: { Host: `${name}:${server.port}` } })).status).toBe(200);
  });

  it.each(['http://evil.example', 'https://127.0.0.1', 'null', 'http://127.0.0.1:1', 'file://'])(
    'refuses the origin %s',
    async (origin) => {
      expect((await ask('/', { headers: { Origin: origin } })).status).toBe(403);
    },
  );

  it('refuses what other sites ask in the background, and lets people follow links', async () => {
    const cross = { 'Sec-Fetch-Site': 'cross-site' };
    const background = await ask('/', { headers: { ...cross, 'Sec-Fetch-Mode': 'no-cors' } });
    expect(background.status).toBe(403);
    const link = await ask('/', { headers: { ...cross, 'Sec-Fetch-Mode': 'navigate' } });
    expect(link.status).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('refuses %s', async (method) => {
    expect((await ask('/', { method })).status).toBe(405);
  });

  it('reads no bodies, however they come', async () => {
    expect((await ask('/', { body: 'xxx', headers: { 'Content-Length': '3' } })).status).toBe(413);
    const host = `Host: 127.0.0.1:${server.port}`;
    expect(await askRaw(`GET / HTTP/1.1\r\n${host}\r\nTransfer-Encoding: chunked\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 413/,
    );
  });

  it('outlives bytes that are no request', async () => {
    expect(await askRaw('\x16\x03\x01\x02\x00\x01\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    expect(await askRaw(`GET / HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400/);
    expect(await askRaw(`GET / HTTP/1.1\r\nHost:\r\n\r\n`)).toMatch(/^HTTP\/1\.1 421/);
    expect(await askRaw(`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431/,
    );
    expect((await ask('/')).status).toBe(200);
  });

  it('names the next port that is free where its own is taken', async () => {
    const root = join(directory, 'studio');
    const starting = serveStudio({ root, host: '127.0.0.1', port: server.port });
    await expect(starting).rejects.toThrow(
      new RegExp(`the port ${server.port} must be free.*; \\d+ is free: --port \\d+`),
    );
    await expect(starting).rejects.not.toThrow(`${server.port} is free`);
  });

  it('says which hosts there are where it cannot have one', async () => {
    const options = { root: directory, host: '203.0.113.7', port: 0 };
    await expect(serveStudio(options)).rejects.toThrow(/must be an address of this machine/);
  });
});

describe('hostNames', () => {
  it('takes the names of this machine for a server that only it can reach', () => {
    expect(hostNames('127.0.0.1', 80)).toContain('localhost');
    expect(hostNames('0.0.0.0', 8064)).toEqual(new Set(['0.0.0.0:8064']));
    expect(hostNames('::1', 8064)).toContain('[::1]:8064');
  });

  it('is asked before all else', () => {
    const headers = { host: 'evil.example', origin: 'http://evil.example' };
    expect(refusalOf({ method: 'POST', headers }, hostNames('::1', 1))?.status).toBe(421);
  });
});

describe('plexus studio', () => {
  it('tells its address, runs until it is stopped, and ends in order', async () => {
    const stop = new AbortController();
    const out: string[] = [];
    const running = plexus(['studio', '--port', '0', '--no-open'], {
      signal: stop.signal,
      out: (line) => {
        out.push(line);
        setTimeout(() => stop.abort(), 10);
      },
    });
    const { status, notes } = await running;
    expect(out.join()).toMatch(
      /^studio at http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32} \(Ctrl-C ends it\)$/,
    );
    expect([status, notes]).toEqual([0, 'the studio has ended']);
  });

  it.each([
    [['--port', '70000'], /whole number from 0 to 65535/],
    [['--port', 'x'], /whole number/],
    [['--host', 'no.such.host.invalid'], /must be an address of this machine/],
    [['no-such-folder'], /no-such-folder must be a directory of studies.*does not exist/],
    [['package.json'], /must be a directory of studies.*it is a file/],
  ])('refuses %s', async (options, message) => {
    const { status, notes } = await plexus(['studio', '--no-open', ...options]);
    expect(status).toBe(2);
    expect(notes).toMatch(message);
  });

  it('says which port is free', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', () => resolve()));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { status, notes } = await plexus(['studio', '--no-open', '--port', String(port)]);
    taken.close();
    expect(status).toBe(2);
    expect(notes).toMatch(/is free: --port/);
  });
});
