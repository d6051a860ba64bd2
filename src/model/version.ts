import manifest from '../../package.json' with { type: 'json' };

export const EVENKEEL_VERSION: string = manifest.version;
