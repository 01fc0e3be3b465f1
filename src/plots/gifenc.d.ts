// Types for the part of gifenc that we use: the package has no types.
declare module "gifenc" {
  interface Encoder {
    /** `index`: a palette index for each pixel; `delay` in milliseconds. */
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { readonly palette: readonly (readonly number[])[]; readonly delay: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  const gifenc: { GIFEncoder(): Encoder };
  export default gifenc;
}
