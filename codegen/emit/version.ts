import packageJson from '../../package.json' with { type: 'json' }

/** The tool's name and version as generated headers show it. */
export const toolVersion = `serrate ${packageJson.version}`
