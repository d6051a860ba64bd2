const SMALLEST = 8;
const WORD = (1n << 64n) - 1n;
const DELETED = Symbol('deleted');

const hashes = new Map<string, bigint>();

/** The hash of a text in the language that the transform once was written in; the order of keys follows from it. */
function hashOf(text: string): bigint {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  const points = [...text].map((character) => BigInt(character.codePointAt(0)!));
  const first = points[0];
  let hash = 0n;
  if (first !== undefined) {
    hash = first << 7n;
    for (const point of points) hash = ((1000003n * hash) ^ point) & WORD;
    hash ^= BigInt(points.length);
  }
  hashes.set(text, hash);
  return hash;
}

/**
 * Keys in the order of an open-addressed hash table, which depends on what was added and removed before. A REST API's deployment is
 * named by a hash of its definition's text in this order, so that AWS's logical ids come out only where the order is the same.
 */
export class OrderedKeys {
  private slots = new Map<number, string | typeof DELETED>();
  private mask = SMALLEST - 1;
  private used = 0;
  private filled = 0;

  add(key: string): void {
    const at = this.slotOf(key);
    const there = this.slots.get(at);
    if (there === key) return;
    if (there === undefined) this.filled += 1;
    this.used += 1;
    this.slots.set(at, key);
    if (this.filled * 3 >= (this.mask + 1) * 2) this.resize(this.used * 4);
  }

  remove(key: string): void {
    const at = this.slotOf(key);
    if (this.slots.get(at) !== key) return;
    this.slots.set(at, DELETED);
    this.used -= 1;
  }

  /** Adds many at once, for which the table grows beforehand. */
  merge(keys: readonly string[]): void {
    if (keys.length === 0) return;
    if ((this.filled + keys.length) * 3 >= (this.mask + 1) * 2) this.resize((this.used + keys.length) * 2);
    for (const key of keys) this.add(key);
  }

  keys(): readonly string[] {
    return [...this.slots.entries()]
      .sort(([left], [right]) => left - right)
      .flatMap(([, key]) => (typeof key === 'string' ? [key] : []));
  }

  private slotOf(key: string): number {
    const hash = hashOf(key);
    const mask = BigInt(this.mask);
    let at = Number(hash & mask);
    let free: number | undefined;
    let walker = BigInt(at);
    let perturb = hash;
    for (;;) {
      const there = this.slots.get(at);
      if (there === undefined) return free ?? at;
      if (there === key) return at;
      if (there === DELETED) free ??= at;
      walker = (walker << 2n) + walker + perturb + 1n;
      perturb >>= 5n;
      at = Number(walker & mask);
    }
  }

  private resize(atLeast: number): void {
    let size = SMALLEST;
    while (size <= atLeast) size <<= 1;
    const before = this.keys();
    this.mask = size - 1;
    this.slots = new Map();
    this.used = 0;
    this.filled = 0;
    for (const key of before) this.add(key);
  }
}
