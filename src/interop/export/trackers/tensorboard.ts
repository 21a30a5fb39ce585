import { ProtoWriter } from '../protobuf.js';
import type { ExportedFiles, StudyRecords, StudyTarget } from '../types.js';
import { type Metric, type Run, runsOf } from './runs.js';

/** Event files of TensorBoard: scalars of every trial, and the table of hyper-parameters. */
export const tensorboard: StudyTarget = {
  of: 'study',
  perTrial: true,
  name: 'tensorboard',
  meaning: 'event files for TensorBoard: scalars, table of hyper-parameters (a study)',
  ending: null,
  options: [],
  files: tensorboardFiles,
  next: (path) => [`look at them with: tensorboard --logdir ${path}`],
};

function tensorboardFiles(study: StudyRecords): ExportedFiles {
  return new Map(
    runsOf(study).map((run) => [`${run.name}/events.out.tfevents.0.plexus`, eventFile(run)]),
  );
}

/** Values of Status in TensorBoard's api.proto. */
const STATUS = { complete: 1, failed: 2, stopped: 1 } as const;

/**
 * An event file: records of `[length, its checksum, Event, its checksum]`
 * (tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto). When a trial ran is not
 * known: times are seconds since its start.
 */
function eventFile({ parameters, epochs, seconds, status, name }: Run): Uint8Array {
  const last = epochs.at(-1)?.epoch ?? 1;
  const events = [
    event(0, 0).text(3, 'brain.Event:2'),
    hyperParameters('_hparams_/session_start_info', 0, startInfo(parameters, name)),
    ...epochs.map(({ epoch, metrics }) =>
      event((seconds * epoch) / last, epoch).message(5, scalars(metrics)),
    ),
    hyperParameters(
      '_hparams_/session_end_info',
      seconds,
      new ProtoWriter()
        .int(1, 0)
        .message(4, new ProtoWriter().int(1, STATUS[status]).double(2, seconds)),
    ),
  ];
  return joined(events.flatMap((each) => framed(each.finish())));
}

const event = (time: number, step: number): ProtoWriter =>
  new ProtoWriter().double(1, time).int(2, step);

function scalars(metrics: readonly Metric[]): ProtoWriter {
  const summary = new ProtoWriter();
  for (const { name, value } of metrics)
    summary.message(1, new ProtoWriter().text(1, name).float(2, value));
  return summary;
}

/** A summary of the plugin of hyper-parameters (tensorboard/plugins/hparams/plugin_data.proto). */
function hyperParameters(tag: string, time: number, content: ProtoWriter): ProtoWriter {
  const plugin = new ProtoWriter().text(1, 'hparams').bytes(2, content.finish());
  const metadata = new ProtoWriter().message(1, plugin);
  const value = new ProtoWriter().text(1, tag).message(9, metadata);
  return event(time, 0).message(5, new ProtoWriter().message(1, value));
}

function startInfo(parameters: Run['parameters'], group: string): ProtoWriter {
  const info = new ProtoWriter();
  for (const [key, value] of Object.entries(parameters)) {
    const held = new ProtoWriter();
    if (typeof value === 'number') held.double(2, value);
    else if (typeof value === 'string') held.text(3, value);
    else held.int(4, Number(value));
    info.message(1, new ProtoWriter().text(1, key).message(2, held));
  }
  return new ProtoWriter().int(1, 0).message(3, info.text(4, group).double(5, 0));
}

function framed(data: Uint8Array): Uint8Array[] {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true);
  return [length, checksum(length), data, checksum(data)];
}

/** CRC-32C (Castagnoli), masked as these files have it. */
function checksum(bytes: Uint8Array): Uint8Array {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  crc = ~crc >>> 0;
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, masked, true);
  return out;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
