export { setModelsDir } from '../../protocols/index.ts';
export { findImages, Simulation, type Options, type Outcome } from './simulation.ts';
