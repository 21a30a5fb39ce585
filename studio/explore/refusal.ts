import { signal } from '@preact/signals';

/** Why what was asked for last could not be done; null where it could. */
export const refusal = signal<string | null>(null);
