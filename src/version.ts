/** Kept equal to package.json by scripts/check. */
export const version = '0.1.0';
