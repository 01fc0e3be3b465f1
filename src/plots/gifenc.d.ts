// Types for the part of gifenc that we use: the package has no types.
declare module "gifenc" {
  type Palette = readonly (readonly number[])[];
  type Rgba = Uint8Array | Uint8ClampedArray;

  interface Encoder {
    /** `index`: a palette index for each pixel; `delay` in milliseconds. The first frame's palette holds for frames without one. */
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { readonly palette?: Palette; readonly delay: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  }

  // Browsers' bundlers read a module with named exports, and Node one with all of them in its default export.
  export function GIFEncoder(): Encoder;
  /** Returns the palette of at most `colors` colours that is closest to the pixels. */
  export function quantize(pixels: Rgba, colors: number): Palette;
  /** Returns the index of the closest colour for each pixel. */
  export function applyPalette(pixels: Rgba, palette: Palette): Uint8Array;
  const gifenc: { GIFEncoder(): Encoder };
  export default gifenc;
}
