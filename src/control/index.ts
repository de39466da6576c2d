import { clockControls } from './clock-controls.ts';
import type { Control } from './control.ts';
import { faultControls } from './fault-controls.ts';
import { issuerControls } from './issuer-controls.ts';
import { organizationControls } from './organization-controls.ts';
import { worldControls } from './world-controls.ts';

export const CONTROLS: readonly Control[] = [...worldControls, ...clockControls, ...faultControls, ...issuerControls, ...organizationControls];
