import type { ViewState } from '../state/types.js';

/** What pages are called. */
export const PAGE_NAMES: Readonly<Record<ViewState['page'], string>> = {
  explore: 'Explore',
  network: 'Network',
  train: 'Train',
  studies: 'Studies',
  brain: 'Brain',
  paper: 'Paper',
  gallery: 'Gallery',
};
