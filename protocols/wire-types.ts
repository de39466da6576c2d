/**
 * The SDK's types as our side of the wire has them: dates are ISO 8601 strings, blobs are base64 strings, and a required
 * member is there (the SDK allows it to be undefined; validation has seen that it is not). What a union of the
 * SDK says with an unknown member stays as it is.
 */
export type Wire<T> = T extends Date | Uint8Array
  ? string
  : T extends string | number | boolean | bigint | null | undefined
    ? T
    : T extends (infer Item)[]
      ? Wire<Item>[]
      : T extends object
        ? { [Name in keyof T]: Wire<Exclude<T[Name], undefined>> }
        : T;
