/** Features of Node that this program stands on and that some of its versions call experimental. */
const OURS = /^(Type Stripping|Transform Types|VM Modules|Import Attributes|Importing JSON modules|`?(module\.)?registerHooks|`?--experimental-strip-types)/

const usual = process.listeners('warning')
process.removeAllListeners('warning')
process.on('warning', (warning) => {
  if (warning.name === 'ExperimentalWarning' && OURS.test(warning.message)) return
  for (const listener of usual) listener.call(process, warning)
})
