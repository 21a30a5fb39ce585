import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import '../styles/train.css';
import { Controls } from '../explore/controls.js';
import { view } from '../state/store.js';
import { Closer } from './closer.js';
import { Curves } from './curves.js';
import { DataChoice } from './data-choice.js';
import { Epochs } from './epochs.js';
import { EventsPanel } from './events-panel.js';
import { advance, ended, followTraining, play, startOver } from './run.js';
import { Settings } from './settings.js';
import { Sides } from './sides.js';
import { Sweep } from './sweep-panel.js';

/** A network and the one beside it, trained before one's eyes. */
export function TrainPage(): JSX.Element {
  useEffect(followTraining, []);
  return (
    <div class="explore">
      <h1 class="unseen">Train a graph’s network beside another</h1>
      <Controls />
      <Settings />
      <DataChoice />
      <Transport />
      <Sides />
      <Curves />
      <Closer />
      <EventsPanel />
      <Epochs />
      <Sweep />
    </div>
  );
}

function Transport(): JSX.Element {
  const playing = view.value.play && !ended.value;
  return (
    <div class="transport" role="group" aria-label="Play and pause">
      <button
        type="button"
        class="button primary"
        onClick={() => play(!playing)}
        disabled={ended.value}
      >
        {playing ? 'Pause' : 'Play'}
      </button>
      <button type="button" class="button" onClick={() => advance('step')} disabled={ended.value}>
        One step
      </button>
      <button type="button" class="button" onClick={() => advance('epoch')} disabled={ended.value}>
        One epoch
      </button>
      <button type="button" class="button plain" onClick={startOver}>
        Start over
      </button>
    </div>
  );
}
