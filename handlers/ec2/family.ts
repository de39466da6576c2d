import type { AnyResource, Effectless, Operation, ParameterPaths } from '../../src/kit/index.ts';

/** Why a parameter changes nothing, where several operations have it. */
export const NOTHING_MANAGED = 'nothing here is managed for its owner by a service';
export const NO_OPERATING_SYSTEM = 'there is no operating system that holds on to anything';

/** A folder of EC2: the kinds that it declares and the operations that it answers. index.ts joins the families. */
export interface Family {
  readonly resources: readonly AnyResource[];
  readonly operations: Readonly<Record<string, Operation | undefined>>;
  /** Parameters that are refused with UnsupportedOperation. */
  readonly refused?: ParameterPaths;
  /** Parameters that are taken and rightly change nothing. */
  readonly effectless?: Effectless;
}
