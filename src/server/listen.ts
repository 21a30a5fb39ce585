import { createServer, type Server } from 'node:http';
import { UserError } from '../core/errors.js';
import { errorCode } from '../platform/fs.js';
import { isLoopback } from './guard.js';

/** Opens a server's port. Throws a `UserError` that says what to do where it cannot be had. */
export async function listen(server: Server, host: string, port: number): Promise<void> {
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
