/** Rooms import one way: the table of allowed imports, checked by `npm run lint`. */
const rooms = {
  dsl: [],
  kernels: ['dsl'],
  'codegen/ir': ['dsl'],
  'codegen/frontend': ['dsl', 'codegen/ir'],
  'codegen/analyse': ['codegen/ir'],
  'codegen/derive': ['codegen/ir'],
  'codegen/fuse': ['codegen/ir', 'codegen/derive'],
  'codegen/schedule': ['codegen/ir'],
  'codegen/lower': ['codegen/ir', 'codegen/analyse', 'codegen/derive', 'codegen/schedule'],
  'codegen/emit': ['codegen/ir', 'codegen/lower'],
  runtime: ['codegen/ir'],
  reference: ['codegen/ir', 'dsl'],
  verify: ['codegen', 'runtime', 'reference', 'dsl'],
  tune: ['codegen', 'runtime', 'verify', 'reference', 'dsl'],
  report: ['codegen', 'runtime', 'verify', 'tune', 'reference', 'dsl'],
}
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: { pathNot: 'node_modules' }, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `${room.replace('/', '-')}-imports`,
      severity: 'error',
      from: { path: `^${room}/` },
      to: { path: '^(dsl|kernels|codegen|templates|runtime|reference|verify|tune|report|cli|plugin)/', pathNot: [room, ...allowed].map((p) => `^${p}/`) },
    })),
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' }, enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'] } },
}
