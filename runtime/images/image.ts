/** A decoded picture: interleaved RGB bytes. Made by `decode.ts`, read by the processors. */

/** Interleaved RGB, one byte a channel, row-major: `data` is [height, width, 3]. */
export interface Image {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3], u8. */
  readonly data: Uint8Array;
}

/** A rectangle in pixels: left and top included, right and bottom excluded. May be fractional for `resize`. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}
