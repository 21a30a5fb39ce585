import type { StudyRecords, StudyTarget } from '../types.js';
import { runsOf } from './runs.js';

/**
 * Runs as JSON lines and a script that uploads them: the log files of Weights & Biases themselves are
 * private to it. trackio has the same functions.
 */
export const wandb: StudyTarget = {
  of: 'study',
  name: 'wandb',
  meaning: 'runs as JSON lines with a script that uploads them to W&B or trackio (a study)',
  ending: null,
  options: [],
  files: (study) =>
    new Map([
      ['runs.jsonl', lines(study)],
      ['upload.py', UPLOAD],
    ]),
  next: (path) => [
    `upload with: python ${path}/upload.py PROJECT`,
    `to trackio:  python ${path}/upload.py PROJECT --trackio`,
  ],
};

function lines(study: StudyRecords): string {
  return runsOf(study)
    .map(({ name, id, status, seconds, parameters, epochs }) => {
      const history = epochs.map(({ epoch, metrics }) => ({
        epoch,
        ...Object.fromEntries(metrics.map((metric) => [metric.name, metric.value])),
      }));
      const run = { id, name, group: study.name, status, seconds, config: parameters, history };
      return `${JSON.stringify(run)}\n`;
    })
    .join('');
}

const UPLOAD = String.raw`"""Uploads the runs of runs.jsonl to Weights & Biases, or to trackio.

Runs that were uploaded are noted in uploaded.txt and passed over when the script is run again.

    python upload.py PROJECT [--trackio]
"""
import argparse
import json
import os

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("project")
parser.add_argument("--trackio", action="store_true", help="to trackio instead of wandb")
options = parser.parse_args()
if options.trackio:
    import trackio as tracker
else:
    import wandb as tracker

here = os.path.dirname(os.path.abspath(__file__))
kept = os.path.join(here, "uploaded.txt")
done = set(open(kept).read().split()) if os.path.exists(kept) else set()
with open(os.path.join(here, "runs.jsonl")) as file:
    runs = [json.loads(line) for line in file]
for run in runs:
    if run["id"] in done:
        continue
    names = {"name": run["name"], "group": run["group"], "config": run["config"]}
    if not options.trackio:
        names.update(id=run["id"], resume="allow")
    tracker.init(project=options.project, **names)
    for row in run["history"]:
        tracker.log(row, step=row["epoch"])
    tracker.finish()
    with open(kept, "a") as file:
        file.write(run["id"] + "\n")
    print(run["name"])
`;
