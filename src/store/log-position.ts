/** Bytes that were read of each log of a study, by the logs' names; the study's own is ''. */
export type LogPosition = ReadonlyMap<string, number>;

/** Longer ones do not fit among the headers of a request. */
const MOST_CHARACTERS = 6000;

/**
 * A position as one word: `5120` of a study with its own log alone, `5120,n0-1-abc.ndjson:812` where
 * workers have logs of their own. Null where it would be too long.
 */
export function formatPosition(position: LogPosition): string | null {
  const own = String(position.get('') ?? 0);
  const others = [...position]
    .filter(([name]) => name !== '')
    .map(([name, offset]) => `,${encodeURIComponent(name)}:${offset}`);
  const text = own + others.join('');
  return text.length > MOST_CHARACTERS ? null : text;
}

/** The position that a word says; null where it says none. */
export function parsePosition(text: string): LogPosition | null {
  if (text.length > MOST_CHARACTERS) return null;
  const [own = '', ...others] = text.split(',');
  if (!/^\d{1,15}$/.test(own)) return null;
  const position = new Map([['', Number(own)]]);
  for (const each of others) {
    const [, name, offset] = /^([\w.!~*'()%-]+):(\d{1,15})$/.exec(each) ?? [];
    if (name === undefined) return null;
    try {
      position.set(decodeURIComponent(name), Number(offset));
    } catch {
      return null;
    }
  }
  return position;
}
