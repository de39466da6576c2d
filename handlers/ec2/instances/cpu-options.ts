import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { modifies, type Handlers } from '../../../src/kit/index.ts';
import { instanceType } from '../catalog/instance-types.ts';
import * as errors from '../errors.ts';
import { cpuOptionsIncomplete, invalidInstanceState } from './errors.ts';
import { instances, type StoredInstance } from './instances.ts';

type Options = NonNullable<StoredInstance['CpuOptions']>;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-optimize-cpu.html */
export function cpuOptions(type: string, wish: Options | undefined): Options {
  const { VCpuInfo: cpu, ProcessorInfo: processor } = instanceType(type)!;
  const { CoreCount: cores, ThreadsPerCore: threads, AmdSevSnp: snp, NestedVirtualization: nested } = wish ?? {};
  if ((cores === undefined) !== (threads === undefined)) throw cpuOptionsIncomplete();
  if (cores !== undefined && !(cpu!.ValidCores ?? [cpu!.DefaultCores!]).includes(cores)) throw errors.invalidValue(cores, 'coreCount', `Valid core counts for the instance type ${type} are: ${(cpu!.ValidCores ?? [cpu!.DefaultCores]).join(', ')}.`);
  if (threads !== undefined && !(cpu!.ValidThreadsPerCore ?? [cpu!.DefaultThreadsPerCore!]).includes(threads)) throw errors.invalidValue(threads, 'threadsPerCore', `Valid threads per core for the instance type ${type} are: ${(cpu!.ValidThreadsPerCore ?? [cpu!.DefaultThreadsPerCore]).join(', ')}.`);
  if (snp === 'enabled' && !processor!.SupportedFeatures?.includes('amd-sev-snp')) throw errors.unsupported(`AMD SEV-SNP is not supported for the instance type ${type}.`);
  if (nested === 'enabled' && !processor!.SupportedFeatures?.includes('nested-virtualization')) throw errors.unsupported(`Nested virtualization is not supported for the instance type ${type}.`);
  return {
    CoreCount: cores ?? cpu!.DefaultCores, ThreadsPerCore: threads ?? cpu!.DefaultThreadsPerCore,
    ...(snp === undefined ? {} : { AmdSevSnp: snp }), ...(nested === undefined ? {} : { NestedVirtualization: nested }),
  };
}

export const cpuOptionOperations = {
  /** "The instance must be in a Stopped state before you make changes." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceCpuOptions.html */
  ModifyInstanceCpuOptions: modifies(instances, { id: 'InstanceId' }, (instance, input) => {
    const { InstanceId, DryRun: _dry, ...wish } = input;
    if (wish.CoreCount === undefined && wish.ThreadsPerCore === undefined && wish.NestedVirtualization === undefined) throw cpuOptionsIncomplete();
    if (instance.State!.Name !== 'stopped') throw invalidInstanceState(InstanceId, 'stopped');
    const { CoreCount, ThreadsPerCore, AmdSevSnp, NestedVirtualization } = instance.CpuOptions!;
    const asked = wish.CoreCount === undefined && wish.ThreadsPerCore === undefined ? { CoreCount, ThreadsPerCore } : wish;
    instance.CpuOptions = cpuOptions(instance.InstanceType!, { AmdSevSnp, NestedVirtualization, ...asked, ...(wish.NestedVirtualization === undefined ? {} : { NestedVirtualization: wish.NestedVirtualization }) });
    const { AmdSevSnp: _snp, ...shown } = instance.CpuOptions;
    return { InstanceId, ...shown };
  }),
} satisfies Handlers<Ec2Operations>;
