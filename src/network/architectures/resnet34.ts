import { basicBranch, residualNetwork } from './residual.js';

/**
 * ResNet-34 of He et al. 2016; relational: both convolutions of every block and the projections
 * (You et al. 2020).
 */
export const resnet34 = residualNetwork({
  name: 'resnet34',
  meaning:
    'ResNet-34: blocks of two 3x3 convolutions, which are relational as are the ' +
    'projections; dense stem and head.',
  baselineWidths: [64, 128, 256, 512],
  rounds: 2,
  branch: basicBranch,
  relationalProjection: true,
});
