/** Counter-based random numbers: Philox4x32-10. Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3". */

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;

function high(a: number, b: number): number {
  return Number((BigInt(a) * BigInt(b)) >> 32n);
}

/** Four u32 words from a counter of four words and a key of two. */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): readonly [number, number, number, number] {
  let [c0, c1, c2, c3] = counter.map((word) => word >>> 0) as [number, number, number, number];
  let k0 = key[0] >>> 0;
  let k1 = key[1] >>> 0;
  for (let round = 0; round < 10; round++) {
    const h0 = high(multiplier0, c0);
    const h1 = high(multiplier1, c2);
    const l0 = Math.imul(multiplier0, c0) >>> 0;
    const l1 = Math.imul(multiplier1, c2) >>> 0;
    [c0, c1, c2, c3] = [(h1 ^ c1 ^ k0) >>> 0, l1, (h0 ^ c3 ^ k1) >>> 0, l0];
    k0 = (k0 + weyl0) >>> 0;
    k1 = (k1 + weyl1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** A u32 word as f32 in [0, 1) with 24 random bits. */
export function unitFloat(word: number): number {
  return (word >>> 8) / 16_777_216;
}
