import type { SsmOperations } from '../../fixtures/models/ssm.ts';
import type { Context, Handlers } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { keyOf, ownParameter, parameterVersions, versionsOf, type StoredVersion } from './parameters.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html */
const LABELS_MAX = 10;
const LABEL = /^(?!aws|ssm|\d)[a-zA-Z0-9_.-]{1,100}$/i;

async function versionNumbered(input: { Name: string; ParameterVersion?: number | undefined }, ctx: Context): Promise<StoredVersion> {
  const parameter = await ownParameter(input.Name, ctx);
  const number = input.ParameterVersion ?? parameter.Version!;
  const found = await ctx.find(parameterVersions, keyOf(parameter.Path, number));
  if (!found) throw errors.versionNotFound(number, parameter.Name!);
  return found;
}

export const parameterLabelOperations = {
  /** A label is on one version at a time: it moves. One that is no label in form is told, and the others stay. */
  LabelParameterVersion: async (input, ctx) => {
    const version = await versionNumbered(input, ctx);
    const wanted = [...new Set(input.Labels)];
    const valid = wanted.filter((label) => LABEL.test(label));
    const labels = [...new Set([...version.Labels, ...valid])];
    if (labels.length > LABELS_MAX) throw errors.labelLimit();
    for (const other of await versionsOf(version.Path, ctx)) {
      const left = other.Key === version.Key ? labels : other.Labels.filter((label) => !valid.includes(label));
      if (left.length !== other.Labels.length) await ctx.save(parameterVersions, { ...other, Labels: left });
    }
    return { InvalidLabels: wanted.filter((label) => !valid.includes(label)), ParameterVersion: version.Version! };
  },
  UnlabelParameterVersion: async (input, ctx) => {
    const version = await versionNumbered(input, ctx);
    const wanted = [...new Set(input.Labels)];
    const removed = wanted.filter((label) => version.Labels.includes(label));
    await ctx.save(parameterVersions, { ...version, Labels: version.Labels.filter((label) => !removed.includes(label)) });
    return { RemovedLabels: removed, InvalidLabels: wanted.filter((label) => !removed.includes(label)) };
  },
} satisfies Handlers<SsmOperations>;
