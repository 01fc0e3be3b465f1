// Loaded before a command: whenever it is asked for the time, the clock has been set back by an hour.
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
