import type { DiagnosticCode } from '../../codegen/ir/diagnostics/index.ts'

/** Codes that a test of their own area provokes, by its file. */
export const elsewhere: Readonly<Record<string, readonly DiagnosticCode[]>> = Object.freeze({
  'test/analyse/breaking.test.ts': ['SR2003', 'SR2004'],
  'test/cli/emit.test.ts': ['SR3003', 'SR8016', 'SR8017', 'SR8020'],
  'test/cli/generated.test.ts': ['SR8050'],
  'test/cli/run.test.ts': ['SR8027', 'SR8030', 'SR8031', 'SR8032', 'SR8033', 'SR8034'],
  'test/cli/usage.test.ts': ['SR3006', 'SR3008', 'SR8001', 'SR8002', 'SR8003', 'SR8004', 'SR8005', 'SR8010', 'SR8011', 'SR8012', 'SR8013', 'SR8014', 'SR8015', 'SR8023', 'SR8024', 'SR8025', 'SR8026', 'SR8028', 'SR8040', 'SR8051'],
  'test/cli/verify.test.ts': ['SR6001', 'SR7001', 'SR8022'],
  'test/cuda-cpu/refusals.test.ts': ['SR4008', 'SR4012', 'SR4013', 'SR4016', 'SR4019', 'SR4501', 'SR4502', 'SR4504', 'SR4505', 'SR4506'],
  'test/derive/refusals.test.ts': ['SR2005', 'SR2006'],
  'test/mutation/patterns.test.ts': ['SR6004'],
  'test/property/survive.test.ts': ['SR4021'],
  'test/reference/interaction/run.test.ts': ['SR6008'],
  'test/reference/layouts.test.ts': ['SR6007'],
  'test/reference/rules.test.ts': ['SR6002'],
  'test/report/report.test.ts': ['SR7008'],
  'test/runtime-inputs/attention.test.ts': ['SR5001', 'SR5002', 'SR5003', 'SR5004', 'SR5005', 'SR5006', 'SR5010', 'SR5011', 'SR5012', 'SR5013', 'SR5014', 'SR5015', 'SR5020', 'SR5021', 'SR5022', 'SR5023', 'SR5024'],
  'test/runtime-inputs/interaction.test.ts': ['SR5050', 'SR5051', 'SR5052', 'SR5053', 'SR5054', 'SR5055'],
  'test/runtime-inputs/layouts.test.ts': ['SR5016', 'SR5017', 'SR5018', 'SR5019', 'SR5025', 'SR5026', 'SR5027', 'SR5028', 'SR5029', 'SR5030', 'SR5031', 'SR5032', 'SR5033', 'SR5034', 'SR5035', 'SR5036', 'SR5037', 'SR5038', 'SR5039', 'SR5040', 'SR5041'],
  'test/tune/lengths.test.ts': ['SR7006'],
  'test/tune/search.test.ts': ['SR3001'],
  'test/tune/tune.test.ts': ['SR7003', 'SR7004', 'SR7007', 'SR7009', 'SR7010'],
  'test/tune/webgpu.test.ts': ['SR7002'],
  'test/verify/case.test.ts': ['SR6003', 'SR6005', 'SR6006'],
  'test/webgpu/launch.test.ts': ['SR4007', 'SR4009', 'SR4010', 'SR4011', 'SR4017', 'SR4018'],
  'test/webgpu/open.test.ts': ['SR4001', 'SR4004', 'SR4020'],
})
