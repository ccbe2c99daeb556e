/** The most negative finite f32: the score of what is not visible. */
export const lowest = -3.4028234663852886e38;
