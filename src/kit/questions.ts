import type { Context } from './context.ts';
import type { TagPair } from './tags.ts';

/** What a service may ask without knowing who knows it: `asked` is said with the question. */
export interface Questions {
  /** What AWS itself publishes in a region's Parameter Store, for everybody to read. */
  readonly publicParameters: { readonly asked: undefined; readonly answer: readonly PublicParameter[] };
  /** Whether the account sees the image of an id. */
  readonly image: { readonly asked: string; readonly answer: boolean };
  /** A parameter by its name or ARN, with a version or label where one is wanted. */
  readonly parameter: { readonly asked: string; readonly answer: NamedParameter };
}

export interface PublicParameter {
  readonly name: string;
  readonly value: string;
  readonly dataType: 'text' | 'aws:ec2:image';
  /** ISO 8601. */
  readonly since: string;
}

export interface NamedParameter {
  readonly arn: string;
  readonly tags: readonly TagPair[];
  /** Absent where there is no such parameter, version or label. */
  readonly found?: { readonly dataType: string; readonly value: string };
}

/** The questions that a service answers. */
export type Answers = { readonly [Q in keyof Questions]?: (asked: Questions[Q]['asked'], ctx: Context) => Promise<Questions[Q]['answer']> };
