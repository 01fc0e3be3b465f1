const fround = Math.fround;

export function duelingKernels(f32: Float32Array) {
  /** One column of `duelingForward`. `stride`: number of floats per row. */
  function column(q: number, head: number, actions: number, stride: number): void {
    let sum = 0;
    for (let a = 1; a <= actions; a++) sum = fround(sum + f32[head + a * stride]!);
    const mean = fround(sum / actions);
    for (let a = 0; a < actions; a++) {
      f32[q + a * stride] = fround(f32[head]! + f32[head + (a + 1) * stride]!) - mean;
    }
  }

  return {
    /**
     * Dueling head (Wang et al. 2016): q[a] = (value + advantage[a]) - mean over a of advantage.
     * head (1 + actions, batch): the value row, then the advantage rows; q (actions, batch).
     */
    duelingForward(qPtr: number, headPtr: number, actions: number, batch: number): void {
      for (let b = 0; b < batch; b++) column((qPtr >>> 2) + b, (headPtr >>> 2) + b, actions, batch);
    },

    /** `duelingForward` for one observation: head (1 + actions), q (actions). */
    duelingForwardOne(qPtr: number, headPtr: number, actions: number): void {
      column(qPtr >>> 2, headPtr >>> 2, actions, 1);
    },

    /**
     * dValue = sum over a of dQ[a]; dAdvantage[a] = dQ[a] - dValue / actions.
     * dHead (1 + actions, batch), dQ (actions, batch).
     */
    duelingBackward(dHeadPtr: number, dQPtr: number, actions: number, batch: number): void {
      const dHead = dHeadPtr >>> 2;
      const dQ = dQPtr >>> 2;
      for (let b = 0; b < batch; b++) {
        let sum = 0;
        for (let a = 0; a < actions; a++) sum = fround(sum + f32[dQ + a * batch + b]!);
        const mean = fround(sum / actions);
        f32[dHead + b] = sum;
        for (let a = 0; a < actions; a++) {
          f32[dHead + (a + 1) * batch + b] = f32[dQ + a * batch + b]! - mean;
        }
      }
    },
  };
}
