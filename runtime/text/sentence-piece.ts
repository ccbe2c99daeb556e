/** A `spiece.model` file (protobuf) → its pieces, scores and character map. */

/** Kinds of pieces, by SentencePiece's numbers. */
export const pieceKinds = {
  normal: 1,
  unknown: 2,
  control: 3,
  user: 4,
  unused: 5,
  byte: 6,
} as const;

/** One entry of the vocabulary; its id is its position. */
export interface Piece {
  readonly text: string;
  readonly score: number;
  /** One of `pieceKinds`. */
  readonly kind: number;
}

/** What a tokenizer needs of the model. */
export interface SentencePieceModel {
  readonly pieces: readonly Piece[];
  readonly charactersMap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
}

/** One field of a protobuf message: a number for varints, bytes otherwise. */
type Field = readonly [number: number, value: number | Uint8Array];

/** Reads the model. Throws RangeError when the bytes are not a SentencePiece model. */
export function readSentencePiece(bytes: Uint8Array): SentencePieceModel {
  const pieces: Piece[] = [];
  let normalizer: readonly Field[] = [];
  for (const [number, value] of fields(bytes)) {
    if (typeof value === "number") continue;
    if (number === 1) pieces.push(pieceOf(value));
    if (number === 3) normalizer = [...fields(value)];
  }
  if (pieces.length === 0)
    throw new RangeError("this is not a SentencePiece model: it has no pieces");
  const setting = (number: number) => normalizer.findLast(([key]) => key === number)?.[1];
  const map = setting(2);
  return {
    pieces,
    charactersMap: map instanceof Uint8Array ? map : new Uint8Array(),
    addDummyPrefix: setting(3) !== 0,
    removeExtraWhitespaces: setting(4) !== 0,
  };
}

function pieceOf(bytes: Uint8Array): Piece {
  let text = "";
  let score = 0;
  let kind: number = pieceKinds.normal;
  for (const [number, value] of fields(bytes)) {
    if (typeof value === "number") {
      if (number === 3) kind = value;
    } else if (number === 1) {
      text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(value);
    } else if (number === 2 && value.length === 4) {
      score = new DataView(value.buffer, value.byteOffset, 4).getFloat32(0, true);
    }
  }
  return { text, score, kind };
}

function* fields(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const damaged = () => new RangeError("this is not a SentencePiece model: the file is damaged");
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) throw damaged();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw damaged();
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) {
      yield [number, varint()];
      continue;
    }
    const length = wire === 2 ? varint() : wire === 5 ? 4 : wire === 1 ? 8 : undefined;
    if (length === undefined || at + length > bytes.length) throw damaged();
    yield [number, bytes.subarray(at, at + length)];
    at += length;
  }
}
