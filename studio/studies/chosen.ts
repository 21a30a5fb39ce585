import { computed } from '@preact/signals';
import { view } from '../state/store.js';

/*
 * Parts of the view, each by itself: what draws one of them is not drawn anew when another changes,
 * which tables of thousands of trials would feel.
 */

export const study = computed(() => view.value.study);
export const order = computed(() => view.value.order);
export const find = computed(() => view.value.find);
export const columns = computed(() => view.value.columns);
export const cell = computed(() => view.value.cell);
export const trials = computed(() => view.value.trials);
export const others = computed(() => view.value.others);
