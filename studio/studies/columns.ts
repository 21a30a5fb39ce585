import { fixed, grouped, signed } from '../../src/analysis/text.js';
import type { TrialColumn } from '../state/types.js';
import type { TrialData } from './trial-data.js';

/** A column of the table of trials. */
export interface ColumnInfo {
  readonly title: string;
  readonly meaning: string;
  /** As a track of a grid. */
  readonly width: string;
  /** Set to the left, as words are. */
  readonly text?: true;
  readonly show: (data: TrialData, trial: number) => string;
}

const NONE = '–';

function number(column: TrialColumn, digits: number): ColumnInfo['show'] {
  return (data, trial) => {
    const value = data.value(column, trial);
    return Number.isNaN(value) ? NONE : fixed(value, digits);
  };
}

function whole(column: TrialColumn): ColumnInfo['show'] {
  return (data, trial) => {
    const value = data.value(column, trial);
    return Number.isNaN(value) ? NONE : grouped(value);
  };
}

export const COLUMNS: Readonly<Record<TrialColumn, ColumnInfo>> = {
  trial: {
    title: 'Trial',
    meaning: 'Number of the trial; the box draws its learning curve',
    width: '92px',
    show: (_, trial) => String(trial),
  },
  graph: {
    title: 'Graph',
    meaning: 'Its name, else its spec',
    width: 'minmax(180px, 2fr)',
    text: true,
    show: (data, trial) => data.label(data.graphOf(trial)),
  },
  seed: {
    title: 'Seed',
    meaning: 'Training seed, which all graphs share',
    width: '64px',
    show: (data, trial) => String(data.seedOf(trial)),
  },
  state: {
    title: 'State',
    meaning: 'complete, failed, or stopped early by a search',
    width: '110px',
    text: true,
    show: (data, trial) => data.state(trial),
  },
  error: {
    title: 'Error %',
    meaning: 'Test error after the last epoch, %',
    width: '92px',
    show: number('error', 2),
  },
  difference: {
    title: '− baseline',
    meaning: 'Error less that of the baseline with the same seed, points',
    width: '104px',
    show: (data, trial) => {
      const value = data.value('difference', trial);
      return Number.isNaN(value) || data.graphOf(trial) === 0 ? NONE : signed(value, 2);
    },
  },
  validation: {
    title: 'Validation %',
    meaning: 'Error on held out training images after the last epoch, %',
    width: '112px',
    show: number('validation', 2),
  },
  train: {
    title: 'Training %',
    meaning: 'Training error of the last epoch, %',
    width: '104px',
    show: number('train', 2),
  },
  epochs: {
    title: 'Epochs',
    meaning: 'Epochs that were finished',
    width: '80px',
    show: number('epochs', 0),
  },
  time: {
    title: 'Time s',
    meaning: 'What the trial took, seconds',
    width: '88px',
    show: number('time', 1),
  },
  C: {
    title: 'C',
    meaning: 'Average clustering coefficient of the graph',
    width: '72px',
    show: number('C', 3),
  },
  L: {
    title: 'L',
    meaning: 'Average path length of the graph; none where it is not connected',
    width: '72px',
    show: number('L', 3),
  },
  density: {
    title: 'Density',
    meaning: 'Share of the edges that there could be',
    width: '84px',
    show: number('density', 3),
  },
  edges: {
    title: 'Edges',
    meaning: 'Edges of the graph',
    width: '84px',
    show: whole('edges'),
  },
  width: {
    title: 'Width',
    meaning: 'Width of the network, of its first stage where it has several',
    width: '76px',
    show: whole('width'),
  },
  parameters: {
    title: 'Parameters',
    meaning: 'Learnable parameters of the network',
    width: '108px',
    show: whole('parameters'),
  },
  reason: {
    title: 'Why it failed',
    meaning: 'The message with which the trial ended',
    width: 'minmax(120px, 2fr)',
    text: true,
    show: (data, trial) => data.reason(trial),
  },
};
