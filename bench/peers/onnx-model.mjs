/** Nodes and weights → the bytes of an ONNX model: the few fields of its protocol buffers that the bench needs. */

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const field = (number, type, content) => Buffer.concat([varint((number << 3) | type), content]);
const integer = (number, value) => field(number, 0, varint(value));
const bytes = (number, content) =>
  field(number, 2, Buffer.concat([varint(content.length), content]));
const text = (number, value) => bytes(number, Buffer.from(value, "utf8"));
const message = (number, ...fields) => bytes(number, Buffer.concat(fields));

function attribute(name, value) {
  if (Array.isArray(value)) {
    return message(5, text(1, name), integer(20, 7), ...value.map((each) => integer(8, each)));
  }
  if (typeof value === "string") return message(5, text(1, name), integer(20, 3), text(4, value));
  if (Number.isInteger(value)) return message(5, text(1, name), integer(20, 2), integer(3, value));
  const number = Buffer.alloc(4);
  number.writeFloatLE(value);
  return message(5, text(1, name), integer(20, 1), field(2, 5, number));
}

const types = { float32: 1, int64: 7 };

function valueInfo(number, { name, shape, type = "float32" }) {
  const sizes = shape.map((size) => message(1, integer(1, size)));
  return message(
    number,
    text(1, name),
    message(2, message(1, integer(1, types[type]), message(2, ...sizes))),
  );
}

/** `nodes`: { op, inputs, outputs, attributes?, domain? }; `weights`: { name, shape, values: Float32Array | BigInt64Array }. */
export function onnxModel({ nodes, weights, inputs, outputs }) {
  const graph = [
    ...nodes.map(({ op, inputs, outputs, attributes = {}, domain = "" }, index) =>
      message(
        1,
        ...inputs.map((name) => text(1, name)),
        ...outputs.map((name) => text(2, name)),
        text(3, `${op}${index}`),
        text(4, op),
        ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
        text(7, domain),
      ),
    ),
    text(2, "bench"),
    ...weights.map(({ name, shape, values }) =>
      message(
        5,
        ...shape.map((size) => integer(1, size)),
        integer(2, values instanceof Float32Array ? types.float32 : types.int64),
        text(8, name),
        bytes(9, Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
      ),
    ),
    ...inputs.map((each) => valueInfo(11, each)),
    ...outputs.map((each) => valueInfo(12, each)),
  ];
  const opset = (domain, version) => message(8, text(1, domain), integer(2, version));
  return Buffer.concat([
    integer(1, 9),
    message(7, ...graph),
    opset("", 20),
    opset("com.microsoft", 1),
  ]);
}
