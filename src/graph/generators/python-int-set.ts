const MIN_SIZE = 8;
const LINEAR_PROBES = 9;
const PERTURB_SHIFT = 5;
const EMPTY = -1;

/**
 * CPython's `set` of non-negative integers below 2^31 (Objects/setobject.c, 3.7 to 3.13), for the
 * order in which it is iterated or popped: some generators of networkx draw from that order. An
 * integer is its own hash. An open table of a power of two: slot `hash & mask`, the nine after it
 * unless the table ends before, then the next by the perturbed recurrence; it grows to more than
 * four times its keys (twice beyond 50,000) when three fifths are filled.
 */
export class PythonIntSet {
  private table = new Int32Array(MIN_SIZE).fill(EMPTY);
  private count = 0;

  /** `len(set)`. */
  get size(): number {
    return this.count;
  }

  /** `set.add(key)`. */
  add(key: number): void {
    const slot = this.slotOf(key);
    if (this.table[slot] === key) return;
    this.table[slot] = key;
    this.count++;
    if (this.count * 5 >= (this.table.length - 1) * 3) this.grow();
  }

  /**
   * The keys in the order of iteration, which is also that of `pop` while nothing is added in
   * between.
   */
  keys(): Int32Array {
    return this.table.filter((key) => key !== EMPTY);
  }

  /** The slot that holds `key`, or the empty one where it belongs. */
  private slotOf(key: number): number {
    const mask = this.table.length - 1;
    let perturb = key;
    for (let start = key & mask; ;) {
      const last = start + LINEAR_PROBES <= mask ? start + LINEAR_PROBES : start;
      for (let slot = start; slot <= last; slot++) {
        if (this.table[slot] === EMPTY || this.table[slot] === key) return slot;
      }
      perturb >>>= PERTURB_SHIFT;
      start = (start * 5 + 1 + perturb) & mask;
    }
  }

  private grow(): void {
    const least = this.count > 50_000 ? this.count * 2 : this.count * 4;
    let length = MIN_SIZE;
    while (length <= least) length *= 2;
    const keys = this.keys();
    this.table = new Int32Array(length).fill(EMPTY);
    for (const key of keys) this.table[this.slotOf(key)] = key;
  }
}

/**
 * `list(set(range(from, to)))`: not always ascending, because a table begins again at multiples of
 * its size.
 */
export function pythonSetOfRange(from: number, to: number): Int32Array {
  const set = new PythonIntSet();
  for (let key = from; key < to; key++) set.add(key);
  return set.keys();
}
