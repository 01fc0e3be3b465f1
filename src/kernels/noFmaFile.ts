/** In place of `readFma` of fmaFile.ts where there are no files, as in a browser: `loadCore` must load the kernels. */
export function readFma(): null {
  return null;
}
