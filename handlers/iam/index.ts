import type { Service } from '../../src/kit/index.ts';

export const iam: Service = { name: 'iam', resources: [], operations: {} };
