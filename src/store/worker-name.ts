import { randomBytes } from 'node:crypto';

/**
 * A name for a process among all that ever work at a study, as a part of file names: machine,
 * process number and a few random letters, since machines start anew and use numbers again.
 */
export function workerName(host: string, pid = process.pid): string {
  const plain = host.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 60);
  return `${plain}-${pid}-${randomBytes(3).toString('hex')}`;
}
