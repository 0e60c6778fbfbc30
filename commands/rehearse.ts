import path from 'node:path'
import {yesFlag} from '../src/cli/flags/flags.js'
import {rehearseFlags} from '../src/cli/flags/rehearse-flags.js'
import {HubCommand} from '../src/cli/hub-command.js'
import {agreeOr, requireYes} from '../src/cli/input/ask/ask.js'
import {readText} from '../src/cli/input/read-text.js'
import {newReport} from '../src/cli/rehearsal/report-file.js'
import {renderCleaned, renderRehearsal} from '../src/cli/render/render-rehearsal.js'
import {exitCodes} from '../src/errors.js'
import {cleanRehearsal, rehearse} from '../src/hub/rehearse/rehearse.js'
import type {RehearsalResult} from '../src/hub/rehearse/rehearsal-result.js'
import {parseDuration} from '../src/hub-spec/limits/quantity.js'
import {parseNotebook, smallestNotebook} from '../src/load/notebook.js'

export default class Rehearse extends HubCommand {
  static override summary = 'Rehearse a class: made-up people log in, start servers and run a notebook, all at once.'
  static override description =
    'It says how long each stage took, what the servers used, who failed and why, how many people fit, and what to change to fit more. The made-up people use the same address as everybody and have a group of their own. Afterwards jhub removes them and everything they made, also after Ctrl-C. The exit code is 7 if some of them failed or could not be removed.'
  static override examples = [
    '<%= config.bin %> rehearse --people 30',
    {
      description: 'Run your own notebook, and write a page with graphs',
      command: '<%= config.bin %> rehearse --people 30 --notebook lesson-1.ipynb --report rehearsal.html',
    },
    {description: 'Remove what a killed rehearsal left', command: '<%= config.bin %> rehearse --clean'},
  ]
  static override flags = {...rehearseFlags, yes: yesFlag}

  protected override readonly afterInterrupt = 'jhub rehearse --clean'

  async run(): Promise<RehearsalResult | {readonly removed: readonly string[]}> {
    const {flags} = await this.parse(Rehearse)
    const context = this.context(flags, 'tasks')
    if (flags.people === undefined) {
      const cleaned = await cleanRehearsal(context)
      await this.show(renderCleaned(cleaned))
      return cleaned
    }
    const {notebook: file} = flags
    const notebook =
      file === undefined ? smallestNotebook : parseNotebook((await readText(file)).text, path.basename(file))
    const report = flags.report === undefined ? undefined : await newReport(context.host, flags.report)
    const result = await rehearse(context, {
      people: flags.people,
      notebook,
      overMs: parseDuration(flags.over),
      keep: flags.keep,
      mayClean: agreeOr(this.asker(flags), {yes: flags.yes, signal: this.signal}),
      requireYes: (reasons) =>
        requireYes(this.asker(flags), {
          message: `${reasons.join('. ')}. Continue?`,
          yes: flags.yes,
          signal: this.signal,
        }),
    })
    if (result.failures.length > 0 || result.notRemoved !== null) process.exitCode = exitCodes.partial
    await this.show(renderRehearsal(result))
    if (report !== undefined) this.log(`Report:  ${await report.write(result)}`)
    return result
  }
}
