/** SentencePiece models made byte by byte: reading, the character map, the search. */
import { describe, expect, test } from "vitest";
import { t5TokenizerJson } from "../../../runtime/text/build-t5.ts";
import { charactersMap } from "../../../runtime/text/characters-map.ts";
import { readSentencePiece } from "../../../runtime/text/sentence-piece.ts";
import { loadTokenizer } from "../../../runtime/text/tokenizer.ts";
import { unigramEncoder } from "../../../runtime/text/unigram.ts";

const bytesField = (number: number, bytes: Uint8Array) => [number * 8 + 2, bytes.length, ...bytes];
const float = (value: number) => [...new Uint8Array(Float32Array.of(value).buffer)];

function piece(text: string, score: number, kind = 1): number[] {
  const message = [...bytesField(1, Buffer.from(text)), 3 * 8 - 3, ...float(score), 24, kind];
  return bytesField(1, Uint8Array.from(message));
}

/** A map with one key, "X" → "ab", as a darts-clone double array. */
function oneKeyMap(): Uint8Array {
  const units = new Uint32Array(256);
  const rootOffset = 1;
  units[0] = rootOffset << 10;
  const node = rootOffset ^ 0x58;
  const leafOffset = 2;
  units[node] = ((leafOffset << 10) | 0x100 | 0x58) >>> 0;
  units[node ^ leafOffset] = 0x80000000; // value 0: the first string
  const size = new Uint8Array(Uint32Array.of(units.byteLength).buffer);
  return Uint8Array.from([...size, ...new Uint8Array(units.buffer), 0x61, 0x62, 0]);
}

function model(): Uint8Array {
  const normalizer = bytesField(2, oneKeyMap());
  const length = normalizer.length - 2;
  // The map is longer than 127 bytes: its length takes two varint bytes.
  const map = [
    2 * 8 + 2,
    (oneKeyMap().length & 0x7f) | 0x80,
    oneKeyMap().length >> 7,
    ...oneKeyMap(),
  ];
  expect(length).toBe(oneKeyMap().length);
  return Uint8Array.from([
    ...piece("<pad>", 0, 3),
    ...piece("</s>", 0, 3),
    ...piece("<unk>", 0, 2),
    ...piece("▁", -2),
    ...piece("a", -3),
    ...piece("b", -3.5),
    ...piece("ab", -4),
    ...piece("▁ab", -5),
    3 * 8 + 2,
    (map.length & 0x7f) | 0x80,
    map.length >> 7,
    ...map,
  ]);
}

describe("reading", () => {
  test("pieces, scores, kinds and the map", () => {
    const read = readSentencePiece(model());
    expect(read.pieces.length).toBe(8);
    expect(read.pieces[2]).toEqual({ text: "<unk>", score: 0, kind: 2 });
    expect(read.pieces[5]).toEqual({ text: "b", score: -3.5, kind: 1 });
    expect(read).toMatchObject({ addDummyPrefix: true, removeExtraWhitespaces: true });
    expect(charactersMap(read.charactersMap)("aXb")).toBe("aabb");
  });

  test("other bytes and a cut file are refused", () => {
    expect(() => readSentencePiece(Buffer.from("hello"))).toThrow("not a SentencePiece model");
    expect(() => readSentencePiece(new Uint8Array())).toThrow("not a SentencePiece model");
    expect(() => readSentencePiece(model().subarray(0, 40))).toThrow("damaged");
    expect(() => charactersMap(Uint8Array.of(255, 255, 0, 0, 1))).toThrow("damaged");
  });
});

describe("T5", () => {
  const t5 = loadTokenizer(t5TokenizerJson(model(), { extraIds: 2 }));

  test("</s> follows, spaces collapse, the map applies, extra ids count downward", () => {
    expect(t5.encode("  ab   X ").ids).toEqual([7, 7, 1]);
    expect(t5.encode("").ids).toEqual([1]);
    expect([t5.idOf("<extra_id_0>"), t5.idOf("<extra_id_1>"), t5.padId]).toEqual([9, 8, 0]);
    expect(t5.encode("ab<extra_id_0> b").ids).toEqual([7, 9, 3, 5, 1]);
  });

  test("unknown characters become one unknown token; decoding skips it", () => {
    const { ids } = t5.encode("ab??");
    expect(ids).toEqual([7, 2, 1]);
    expect(t5.decode(ids)).toBe("ab");
  });

  test("without special tokens their names are plain text", () => {
    const plain = loadTokenizer(t5TokenizerJson(model(), { special: false }));
    expect(plain.encode("</s>ab").ids).toEqual([3, 2, 6]);
  });
});

test("ties are decided in float32, as the reference does", () => {
  // T5's scores. Where the odd letter of a run goes is decided by rounding alone; the reference puts it here.
  const encode = unigramEncoder({
    vocabulary: [
      ["<unk>", 0],
      ["▁", -2.0122928619384766],
      ["x", -8.015050888061523],
      ["xx", -12.468402862548828],
    ],
    unknownId: 0,
    excluded: new Set(),
  });
  const placeIn = (length: number) => encode(`▁${"x".repeat(length)}`).indexOf("x");
  expect([31, 55, 101, 601].map(placeIn)).toEqual([1, 22, 22, 22]);
  expect(encode("x?x")).toEqual(["x", "?", "x"]);
});
