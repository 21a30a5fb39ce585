import { z } from 'zod';
import { dataKeyTypes } from '../data/keys.js';
import { dataNames } from '../data/registry.js';
import { BUDGET_RULE, isBudget } from '../network/budget.js';
import { STEMS } from '../network/architectures/architecture.js';
import { givenTrainSettings, trainSettingNames, wholeNumber } from '../train/setting-rules.js';
import { GRAPH_NAME_RULE, isGraphName } from './names.js';
import { NULL_COUNT } from './nulls.js';
import { predictionsSchema } from './predictions.js';
import type { StudyPolicy } from './types.js';

/** Types only: what each data set takes is checked by `dataProblem`. */
const dataSchema = z.strictObject(
  {
    name: z
      .string({ error: () => `one of ${dataNames().join(', ')}` })
      .refine((name) => dataNames().includes(name), {
        error: () => `one of ${dataNames().join(', ')}`,
      })
      .default('auto'),
    ...dataKeyTypes,
  },
  { error: 'a mapping such as {name: auto}' },
);

const STEM_NAMES = ['auto', ...STEMS] as const;

const NAME_RULE = {
  error:
    'a name of letters, digits, dots, dashes and underscores that starts with a letter ' +
    'or digit (it names a directory)',
};
const BASELINE_RULE = {
  error: 'a graph spec such as complete:n=64, or {name: NAME, graph: SPEC}',
};
const GRAPHS_RULE = {
  error:
    'a graph set such as ws-flex:set=52 or a list of graph specs, sets, {file: PATH} and ' +
    '{name: NAME, graph: SPEC} entries, at least one',
};
const GRAPH_RULE = {
  error:
    'a graph spec such as ws-flex:n=64,k=8,p=0.1,seed=1, a set such as ws-flex:set=52, ' +
    '{file: PATH}, or {name: NAME, graph: SPEC}',
};
const GRAPH_NAME = { error: GRAPH_NAME_RULE };

/** A graph with a name. */
const namedSchema = z.strictObject({
  name: z.string(GRAPH_NAME).refine(isGraphName, GRAPH_NAME),
  graph: z.string({ error: 'a graph spec such as connectome:cat' }),
});

const NULLS_RULE = {
  error: 'a mapping such as {of: cat, count: 20}, or a list of them, at least one',
};
const nullsSchema = z.strictObject(
  {
    of: z.string({ error: 'one of the graphs, by its name or its spec' }),
    count: wholeNumber(2, 10_000).default(NULL_COUNT),
    seed: wholeNumber(0, 4_294_957_295).default(1),
    connected: z.boolean({ error: 'true or false' }).default(true),
  },
  NULLS_RULE,
);

/** One entry as the list that it stands for; what is neither is left to the schema. */
const listed = (value: unknown): unknown =>
  typeof value === 'string' ||
  (typeof value === 'object' && value !== null && !Array.isArray(value))
    ? [value]
    : value;

/** Policies that a study's search can go by. */
export const STUDY_POLICIES = [
  'surrogate',
  'bandit',
  'random',
] as const satisfies readonly StudyPolicy[];
const HALVING_RULE = { error: 'true, false or a mapping such as {first: 10, factor: 3}' };

/** What of a search is given; the rest depends on the study. */
const searchSchema = z.strictObject(
  {
    policy: z
      .enum(STUDY_POLICIES, { error: `one of ${STUDY_POLICIES.join(', ')}` })
      .default('surrogate'),
    trainings: wholeNumber(1, 1_000_000).default(24),
    baseline: wholeNumber(0, 10_000).optional(),
    together: wholeNumber(1, 1000).optional(),
    halving: z
      .union(
        [
          z.boolean(),
          z.strictObject(
            { first: wholeNumber(1, 1_000_000), factor: wholeNumber(2, 100) },
            HALVING_RULE,
          ),
        ],
        HALVING_RULE,
      )
      .default(false),
    seed: wholeNumber(0, 0xffffffff).default(1),
    paired: z.boolean({ error: 'true or false' }).optional(),
  },
  { error: 'a mapping such as {trainings: 24}' },
);

const MOST_WIDTH = 2 ** 24;
const WIDTH_RULE = {
  error: `a whole number from 1 to ${MOST_WIDTH} of channels, or a list of them, one for each stage`,
};

const SEEDS_RULE = {
  error: 'a count from 1 to 10000 or a list of whole numbers from 0 to 4294967295, at least one',
};
const CONFIRM_RULE = {
  error:
    'true, a count of seeds from 1 to 10000 such as 5, or a mapping such as {seeds: 5, graphs: 3}',
};

/** What of a confirmation is given; `graphs` depends on the study. */
const confirmSchema = z.strictObject(
  {
    seeds: z
      .union(
        [wholeNumber(1, 10_000), z.array(wholeNumber(0, 0xffffffff)).min(1, SEEDS_RULE)],
        SEEDS_RULE,
      )
      .default(5),
    graphs: wholeNumber(1, 1_000_000).optional(),
  },
  CONFIRM_RULE,
);

/** `true` and a count as the mapping that they stand for; what is neither is left to the schema. */
function confirmMapping(value: unknown): unknown {
  if (value === true) return {};
  return wholeNumber(1, 10_000).safeParse(value).success ? { seeds: value } : value;
}

/** The shape of a study's YAML. Errors are rules in words, meant to follow `NAME must be`. */
export const studySchema = z.strictObject(
  {
    plexus: z.literal(1, { error: '1, the version of the format' }),
    name: z.string(NAME_RULE).regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, NAME_RULE),
    arch: z.string({ error: 'the name of an architecture' }).default('mlp'),
    stem: z.enum(STEM_NAMES, { error: `one of ${STEM_NAMES.join(', ')}` }).default('auto'),
    data: dataSchema.prefault({}),
    baseline: z.union([z.string(), namedSchema], BASELINE_RULE),
    graphs: z.preprocess(
      listed,
      z
        .array(
          z.union([z.string(), z.strictObject({ file: z.string() }), namedSchema], GRAPH_RULE),
          GRAPHS_RULE,
        )
        .min(1, GRAPHS_RULE),
    ),
    nulls: z.preprocess(listed, z.array(nullsSchema, NULLS_RULE).min(1, NULLS_RULE)).optional(),
    seeds: z
      .union(
        [wholeNumber(1, 10_000), z.array(wholeNumber(0, 0xffffffff)).min(1, SEEDS_RULE)],
        SEEDS_RULE,
      )
      .optional(),
    train: z
      .strictObject(givenTrainSettings.shape, { error: 'a mapping such as {epochs: 20}' })
      .prefault({}),
    search: searchSchema.optional(),
    confirm: z.preprocess(confirmMapping, confirmSchema).optional(),
    predictions: predictionsSchema.optional(),
    budget: z.number({ error: BUDGET_RULE }).refine(isBudget, { error: BUDGET_RULE }).optional(),
    width: z
      .union([wholeNumber(1, MOST_WIDTH), z.array(wholeNumber(1, MOST_WIDTH)).min(1)], WIDTH_RULE)
      .optional(),
  },
  { error: 'a mapping with the keys plexus, name, baseline and graphs' },
);

/** What the schema lets through: graphs as written, not yet parsed; settings as given. */
export type GivenStudy = z.output<typeof studySchema>;

/** Keys of a search as they may be given. */
export type GivenSearch = z.input<typeof searchSchema>;

/** The keys that the mapping at a path may hold; `graphs` stands for an entry of the list. */
export const validKeys: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(studySchema.shape),
  data: Object.keys(dataSchema.shape),
  train: trainSettingNames,
  search: Object.keys(searchSchema.shape),
  confirm: Object.keys(confirmSchema.shape),
  nulls: Object.keys(nullsSchema.shape),
  graphs: ['file', ...Object.keys(namedSchema.shape)],
  baseline: Object.keys(namedSchema.shape),
};
