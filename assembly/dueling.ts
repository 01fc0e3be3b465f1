// Dueling head. Contracts: src/kernels/js/dueling.ts.
import { assertAligned, assertMultiple } from "./simd";

export function duelingForward(qPtr: usize, headPtr: usize, actions: i32, batch: i32): void {
  assertAligned(qPtr | headPtr);
  assertMultiple(batch, 8);
  const rowBytes = (<usize>batch) << 2;
  const divisor = f32x4.splat(<f32>actions);
  for (let column: usize = 0; column < rowBytes; column += 16) {
    const head = headPtr + column;
    let sum = f32x4.splat(0);
    let row = head;
    for (let a = 0; a < actions; ++a) {
      row += rowBytes;
      sum = f32x4.add(sum, v128.load(row));
    }
    const value = v128.load(head);
    const mean = f32x4.div(sum, divisor);
    row = head;
    let q = qPtr + column;
    for (let a = 0; a < actions; ++a) {
      row += rowBytes;
      v128.store(q, f32x4.sub(f32x4.add(value, v128.load(row)), mean));
      q += rowBytes;
    }
  }
}

export function duelingForwardOne(qPtr: usize, headPtr: usize, actions: i32): void {
  assertAligned(qPtr | headPtr);
  let sum: f32 = 0;
  for (let a = 1; a <= actions; ++a) sum += load<f32>(headPtr + ((<usize>a) << 2));
  const value = load<f32>(headPtr);
  const mean = sum / <f32>actions;
  for (let a = 0; a < actions; ++a) {
    const at = (<usize>a) << 2;
    store<f32>(qPtr + at, value + load<f32>(headPtr + at, 4) - mean);
  }
}

export function duelingBackward(dHeadPtr: usize, dQPtr: usize, actions: i32, batch: i32): void {
  assertAligned(dHeadPtr | dQPtr);
  assertMultiple(batch, 8);
  const rowBytes = (<usize>batch) << 2;
  const divisor = f32x4.splat(<f32>actions);
  for (let column: usize = 0; column < rowBytes; column += 16) {
    let sum = f32x4.splat(0);
    let dQ = dQPtr + column;
    for (let a = 0; a < actions; ++a) {
      sum = f32x4.add(sum, v128.load(dQ));
      dQ += rowBytes;
    }
    let row = dHeadPtr + column;
    v128.store(row, sum);
    const mean = f32x4.div(sum, divisor);
    dQ = dQPtr + column;
    for (let a = 0; a < actions; ++a) {
      row += rowBytes;
      v128.store(row, f32x4.sub(v128.load(dQ), mean));
      dQ += rowBytes;
    }
  }
}
