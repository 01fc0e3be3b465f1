// Preloaded into a command: sets the clock back by one hour at every reading.
const now = Date.now;
let asked = 0;
const Real = Date;
const back = () => now() - 3_600_000 * ++asked;
globalThis.Date = class extends Real {
  constructor(...parts) {
    if (parts.length === 0) super(back());
    else super(...parts);
  }
  static now() {
    return back();
  }
};
