/** Philox4x32-10, a counter-based random number generator. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011. */

/** Four words of 32 bits. */
export type Four = readonly [number, number, number, number];

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
const rounds = 10;

/** The four random words that belong to a counter under a key; every word is unsigned. */
export function philox(counter: Four, key: readonly [number, number]): Four {
  let [word0, word1, word2, word3] = counter;
  let [key0, key1] = key;
  for (let round = 0; round < rounds; round += 1) {
    const next0 = (highProduct(multiplier1, word2) ^ word1 ^ key0) >>> 0;
    const next2 = (highProduct(multiplier0, word0) ^ word3 ^ key1) >>> 0;
    word1 = Math.imul(multiplier1, word2) >>> 0;
    word3 = Math.imul(multiplier0, word0) >>> 0;
    word0 = next0;
    word2 = next2;
    key0 = (key0 + weyl0) >>> 0;
    key1 = (key1 + weyl1) >>> 0;
  }
  return [word0, word1, word2, word3];
}

/** The upper 32 bits of a product of two 32-bit words, out of four products of 16 bits. */
function highProduct(left: number, right: number): number {
  const leftLow = left & 0xffff;
  const leftHigh = left >>> 16;
  const rightLow = right & 0xffff;
  const rightHigh = right >>> 16;
  const middle = leftHigh * rightLow + ((leftLow * rightLow) >>> 16);
  const other = leftLow * rightHigh + (middle & 0xffff);
  return leftHigh * rightHigh + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000);
}
