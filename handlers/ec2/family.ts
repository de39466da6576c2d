import type { AnyResource, Operation } from '../../src/kit/index.ts';

/** A folder of EC2: the kinds that it declares and the operations that it answers. index.ts joins the families. */
export interface Family {
  readonly resources: readonly AnyResource[];
  readonly operations: Readonly<Record<string, Operation | undefined>>;
}
