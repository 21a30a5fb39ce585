import type { Command } from 'commander';
import type { CliContext } from '../../context.js';
export function registerSpikeStudy(spike: Command, context: CliContext): void {
  void spike;
  void context;
}
