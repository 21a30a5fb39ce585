/** What published tables say that an operation costs; how they count differs, so for comparison only. */
export interface EnergyTable {
  readonly name: string;
  /** Picojoules of a multiply-accumulate. */
  readonly mac: number;
  /** Picojoules of an accumulate, or of a synaptic operation of the chip. */
  readonly ac: number;
  readonly source: string;
}

const TANG =
  'Tang et al. 2023, Frontiers in Neuroscience 17:1187252, table 3 (PMC10326429), which itself says ' +
  'that synaptic operations differ and that it is for high-level comparison only';

const chip = (name: string, sop: number): EnergyTable => ({
  name,
  mac: sop,
  ac: sop,
  source: TANG,
});

/**
 * Energies of single operations. Of chips there is one number, for a synaptic operation, which is
 * taken for multiply-accumulates too.
 */
export const ENERGY_TABLES: readonly EnergyTable[] = [
  {
    name: '45 nm CMOS',
    mac: 4.6,
    ac: 0.9,
    source: 'Horowitz 2014, ISSCC, 32-bit floats: 3.7 pJ a multiplication, 0.9 pJ an addition',
  },
  chip('Loihi', 23.6),
  chip('TrueNorth', 2.5),
  chip('SpiNNaker', 45),
  chip('SpiNNaker2', 10),
  chip('ODIN', 12.7),
  chip('ReckOn', 5.3),
  chip('Tianjic', 1.54),
  chip('SENECA', 2.8),
];

/** Said wherever energies are. */
export const ENERGY_NOTE =
  'estimates for comparison only: counted operations times what a published table says that one ' +
  'costs; memory, routing and idle power are not in it';

/** Nanojoules that a table gives for the operations of a sample. */
export function nanojoules(
  { mac, ac }: EnergyTable,
  {
    effectiveMacs,
    effectiveAcs,
  }: { readonly effectiveMacs: number; readonly effectiveAcs: number },
): number {
  return (mac * effectiveMacs + ac * effectiveAcs) / 1000;
}
