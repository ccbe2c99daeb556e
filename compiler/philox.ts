/** Counter-based random numbers: Philox4x32-10. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011. */

/** Four words of 32 bits. */
export type Four = readonly [number, number, number, number];

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;

/** Four unsigned u32 words from a counter of four words and a key of two; of each only the lowest 32 bits count. */
export function philox(counter: Four, key: readonly [number, number]): Four {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const next0 = highProduct(multiplier1, c2) ^ c1 ^ k0;
    const next2 = highProduct(multiplier0, c0) ^ c3 ^ k1;
    c1 = Math.imul(multiplier1, c2);
    c3 = Math.imul(multiplier0, c0);
    c0 = next0;
    c2 = next2;
    k0 = (k0 + weyl0) | 0;
    k1 = (k1 + weyl1) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/** The upper 32 bits of a product of two 32-bit words, exact: out of four products of 16 bits. */
function highProduct(left: number, right: number): number {
  const leftLow = left & 0xffff;
  const leftHigh = left >>> 16;
  const rightLow = right & 0xffff;
  const rightHigh = right >>> 16;
  const first = leftHigh * rightLow + ((leftLow * rightLow) >>> 16);
  const second = leftLow * rightHigh + (first & 0xffff);
  return leftHigh * rightHigh + (first >>> 16) + (second >>> 16);
}

/** A u32 word as f32 in [0, 1) with 24 random bits. */
export function unitFloat(word: number): number {
  return (word >>> 8) / 16_777_216;
}
