import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandNames, commands } from '../../cli/table.ts'
import { sequenceViews, selfExtent } from '../../codegen/ir/layout.ts'
import { patience } from '../../cli/patience.ts'
import { environment } from '../../cli/environment.ts'
import { folder, root, serrate } from './program.ts'

const wrong: readonly (readonly [what: string, args: string, code: string, fix: RegExp])[] = [
  ['an unknown command', 'lst', 'SR8001', /Did you mean list\?/],
  ['no command', '', 'SR8003', /serrate </],
  ['an unknown option', 'verify causal --lenghts 3', 'SR8002', /Did you mean --lengths\?/],
  ['an option without a value', 'verify causal --dim', 'SR8005', /--dim <n>/],
  ['a missing argument', 'emit', 'SR8003', /serrate emit/],
  ['an argument too many', 'emit causal full', 'SR8004', /serrate emit/],
  ['an unknown kernel', 'emit causl', 'SR8010', /Did you mean causal\?/],
  ['an unknown kernel to verify', 'verify softcp', 'SR8010', /Did you mean softcap\?/],
  ['an unknown target', 'emit causal --target cudaa', 'SR8011', /Did you mean cuda\?/],
  ['an unknown run target', 'verify causal --target cuda-gpu', 'SR8011', /cuda-cpu/],
  ['an unknown target in a list', 'build causal --target wgsl,metal', 'SR8011', /wgsl, cuda/],
  ['an unknown level', 'emit causal --level sorce', 'SR8011', /Did you mean source\?/],
  ['an unknown dtype', 'emit causal --dtype f64', 'SR8011', /f32, f16, bf16/],
  ['a negative length', 'verify causal --lengths 3,-1', 'SR8012', /--lengths 3,0,17/],
  ['lengths that are no numbers', 'verify causal --lengths a', 'SR8012', /--lengths 3,0,17/],
  ['lengths with a hole', 'verify causal --lengths 3,,4', 'SR8012', /--lengths/],
  ['lengths that are too long', 'verify causal --lengths 3000000000', 'SR8012', /--lengths/],
  ['a lengths file that is not there', 'verify causal --lengths no/such.json', 'SR8014', /path/],
  ['no heads', 'verify causal --heads 0', 'SR8013', /from 1/],
  ['heads below 0', 'verify causal --heads -2', 'SR8013', /from 1/],
  ['no head dim', 'emit causal --dim 0', 'SR8013', /from 1/],
  ['half a head', 'verify causal --heads 1.5', 'SR8013', /from 1/],
  ['a seed that is no number', 'verify causal --seed x', 'SR8013', /whole number/],
  ['a file that is not there', 'check no/such.ts', 'SR8014', /path/],
  ['a file to emit that is not there', 'emit no-such.ts', 'SR8014', /path/],
  ['a schedule that is no list', 'emit causal --schedule block_m', 'SR8040', /key=number/],
  ['a schedule field that the loop nest has not', 'emit causal --schedule block_q=4', 'SR3006', /block_m/],
  ['a yes or no that is neither', 'emit causal --schedule pack=2', 'SR3008', /0 or 1/],
  ['groups that are neither', 'emit causal --target cuda --schedule gqa=2', 'SR3008', /0 or 1/],
  ['a schedule field twice', 'emit causal --schedule pack=1,pack=0', 'SR8040', /key=number/],
  ['a bound that a sequence passes', 'explain causal --max-seq-len 2 --lengths 300,5', 'SR8028', /300 or more/],
  ['an unknown workload', 'bench --workload ci-md', 'SR8011', /Did you mean ci-mid\?/],
  ['a budget that is no time', 'tune causal --budget soon', 'SR8013', /60s/],
  ['run without inputs', 'run causal --output out.safetensors', 'SR8024', /--inputs <file>/],
  ['a name that is not one', 'new ../escape', 'SR8023', /letter/],
  ['a reserved name', 'new class', 'SR8023', /letter/],
  ['key lengths of self-attention', 'verify causal --kv-lengths 3,4', 'SR8025', /--layout cross, dense or broadcast/],
  ['query rows of packed queries', 'verify causal --layout cross --query-rows 3', 'SR8025', /--layout dense or broadcast/],
  ['query rows in explain', 'explain causal --query-rows 3', 'SR8025', /--layout dense or broadcast/],
  ['key lengths for other sequences', 'verify cross --lengths 3,4 --kv-lengths 3', 'SR8026', /--shared-keys/],
  ['no keys to share', 'verify cross --lengths 3,4 --kv-lengths none --shared-keys', 'SR8026', /at least one/],
  ['key heads that do not divide', 'explain causal --heads 4 --kv-heads 3', 'SR5038', /divisor/],
  ['an unknown layout', 'verify causal --layout crss', 'SR8011', /Did you mean cross\?/],
  ['an unknown code', 'explain SR9999', 'SR8051', /code/],
  ['a word that is neither code nor kernel', 'explain causall', 'SR8051', /Did you mean causal\?/],
]

describe('wrong use', () => {
  it.each(wrong)('%s: exit 2', async (_what, args, code, fix) => {
    const words = args.split(' ').filter(Boolean)
    const { code: exit, json, stderr } = await serrate([...words, '--json'])
    expect(json).toMatchObject({ ok: false, error: { code, severity: 'error' } })
    expect(exit).toBe(2)
    expect(json.error.message).not.toMatch(/\{\w+\}/)
    expect(json.error.fix).toMatch(fix)
    expect(json.diagnostics[0].code).toBe(code)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it('says it in words on stderr, and nothing on stdout, without --json', async () => {
    const { code, stdout, stderr } = await serrate(['emit', 'causl'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe('error SR8010: There is no shipped kernel causl.\n  fix: Did you mean causal? `serrate list` names them; or give the path of a .ts file.\n')
  })

  it('an empty list of lengths', async () => {
    const { code, json } = await serrate(['verify', 'causal', '--lengths', '', '--json'])
    expect({ code, error: json.error.code }).toEqual({ code: 2, error: 'SR8012' })
  })

  it.each([['{}', 'SR8012'], ['[1, -2]', 'SR8012'], ['[1.5]', 'SR8012'], ['["3"]', 'SR8012'], ['not json', 'SR8015'], ['null', 'SR8012']])('a lengths file that holds %s', async (text, expected) => {
    const file = join(folder(), 'lengths.json')
    writeFileSync(file, text)
    const { code, json } = await serrate(['verify', 'causal', '--lengths', file, '--json'])
    expect({ code, error: json.error.code }).toEqual({ code: 2, error: expected })
    expect(json.error.message).toContain(file)
  })
})

describe('a long comparison', () => {
  const one = (length: number) => sequenceViews(selfExtent([0, length]))
  it('says so before it starts', () => {
    expect(patience(one(1000), 2, 32)).toBeUndefined()
    expect(patience(one(7000), 1, 32)).toBe('the definition is run in f64 on the CPU over 49,000,000 query-key pairs a head (1 head): about 20 seconds; fewer or shorter --lengths take less')
    expect(patience(one(1_000_000), 2, 32)).toMatch(/about 10,667 minutes/)
  })
})

describe('help', () => {
  it.each(commandNames)('%s has its own', async (name) => {
    const { code, stdout } = await serrate([name, '--help'])
    expect(code).toBe(0)
    expect(stdout.replace(/\s+/g, ' ')).toContain(commands[name].summary)
    for (const option of Object.values(commands[name].options as Record<string, { flag: string }>)) expect(stdout).toContain(option.flag.split(' ')[0])
    expect(stdout).toContain('--json')
  })

  it('comes as a document beside --json', async () => {
    for (const args of [['--help'], ['help'], ['-h']]) {
      const { code, json } = await serrate([...args, '--json'])
      expect(code).toBe(0)
      expect(json.commands.map((c: any) => c.name)).toEqual(commandNames)
    }
    for (const args of [['verify', '--help'], ['help', 'verify']]) {
      const { code, json } = await serrate([...args, '--json'])
      expect({ code, name: json.name }).toEqual({ code: 0, name: 'verify' })
      expect(json.options).toContainEqual(expect.objectContaining({ flag: '--heads <n>', default: 2, required: false }))
    }
    expect((await serrate(['--version', '--json'])).json).toEqual({ ok: true, version: expect.stringMatching(/^serrate \d/) })
    expect((await serrate(['help', 'verfy', '--json'])).json).toMatchObject({ ok: false, error: { code: 'SR8001' } })
  })

  it('names every environment variable that the program reads', () => {
    const sources = ['cli', 'codegen/ir/diagnostics', 'runtime', 'verify', 'tune'].flatMap((d) => readdirSync(join(root, d), { recursive: true, encoding: 'utf8' }).filter((f) => /\.(ts|mjs)$/.test(f)).map((f) => join(root, d, f)))
    const read = new Set(sources.flatMap((f) => [...readFileSync(f, 'utf8').matchAll(/(?<!-D)\bSERRATE_[A-Z_]+/g)].map((m) => m[0])))
    expect([...read].sort()).toEqual(Object.keys(environment).sort())
  })

  it('lists every command', async () => {
    const { code, stdout } = await serrate(['--help'])
    expect(code).toBe(0)
    for (const name of commandNames) expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
  })
})
