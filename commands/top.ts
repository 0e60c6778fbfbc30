import {Flags} from '@oclif/core'
import {HubCommand} from '../src/cli/hub-command.js'
import {renderTop} from '../src/cli/render/server/render-top.js'
import {servePage} from '../src/cli/screen/serve-page.js'
import {showLive} from '../src/cli/screen/show-live.js'
import {topPage, topRows} from '../src/cli/top-page/top-page.js'
import {definedOnly} from '../src/defined-only.js'
import {top, topSorts, type TopResult} from '../src/hub/top/top.js'

const oneLook = {intervalMs: 1000, waitForHomesMs: 20_000}
const live = {intervalMs: 2000, waitForHomesMs: 0}

export default class Top extends HubCommand {
  static override summary = "Show what each person's server uses, and who needs help."
  static override description =
    'The last column shows who never logged in, whose login or server failed, who ran out of memory or disk space, and whose server is idle. In a terminal, the table is updated every two seconds until Ctrl-C. Without a terminal, and with --once or --json, it is printed once, after one second. --html shows the same on a page for a second screen, at an address on this computer that nobody can guess.'
  static override examples = [
    '<%= config.bin %> top',
    '<%= config.bin %> top --group physics --sort trouble',
    '<%= config.bin %> top --html',
    '<%= config.bin %> top --json',
  ]
  static override flags = {
    once: Flags.boolean({summary: 'Print the table once.', exclusive: ['html']}),
    group: Flags.string({summary: 'Only people in this group.', helpValue: 'NAME'}),
    sort: Flags.option({options: topSorts, default: 'memory' as const})({summary: 'What to sort by.'}),
    html: Flags.boolean({summary: 'A live page in the browser, until Ctrl-C.', exclusive: ['json', 'once']}),
  }

  async run(): Promise<TopResult | undefined> {
    const {flags} = await this.parse(Top)
    const once = flags.once || this.jsonEnabled()
    const options = {
      ...(once ? oneLook : live),
      sort: flags.sort,
      ...definedOnly({group: flags.group}),
    }
    const dress = (text: string) => this.dressed(text)
    const render = (sample: TopResult, mostLines?: number) =>
      renderTop(sample, mostLines === undefined ? undefined : {mostLines, dress})
    const samples = top(this.context(flags), options)
    if (!flags.html) return showLive(samples, render, {once, print: (text) => this.show(text)})
    await servePage({
      samples,
      page: topPage,
      data: topRows,
      signal: this.signal,
      onAddress: (url) =>
        this.show(
          `Open this page in a browser on this computer. Anybody who has its address can see it.\n    ${url}\nCtrl-C ends it.`,
        ),
    })
    return undefined
  }
}
