import { messageOf } from '../../src/core/errors.js';
import { type DroppedFile, type OwnData, readData } from './files.js';
import { pictureSplits } from './picture-files.js';

/** Files to read, and the side that pictures are scaled to. */
export interface DataQuestion {
  readonly files: readonly DroppedFile[];
  readonly side: number;
}

export type DataAnswer =
  | { readonly kind: 'read'; readonly data: OwnData }
  | { readonly kind: 'failed'; readonly message: string };

addEventListener('message', ({ data }: MessageEvent<DataQuestion>) => {
  void answer(data);
});

async function answer({ files, side }: DataQuestion): Promise<void> {
  const send = (message: DataAnswer): void => postMessage(message);
  try {
    send({ kind: 'read', data: await readData(files, side, pictureSplits) });
  } catch (error) {
    send({ kind: 'failed', message: messageOf(error) });
  }
}
