import {Flags} from '@oclif/core'
import {fileToWriteFlag} from '../../src/cli/flags/flags.js'
import {askImportedSecret} from '../../src/cli/input/ask/ask-imported-secret.js'
import {decodeSettings} from '../../src/cli/input/read-input.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderTljhImport} from '../../src/cli/render/render-import.js'
import {importTljh, type TljhImportResult} from '../../src/hub/import/import-tljh.js'

export default class ImportTljh extends HubCommand {
  static override summary = 'Make a settings file from The Littlest JupyterHub on this machine. TLJH is not changed.'
  static override examples = [
    'sudo <%= config.bin %> import tljh',
    '<%= config.bin %> import tljh --from ./copy-of-opt-tljh --file physics.yaml --name physics',
  ]
  static override flags = {
    from: Flags.directory({summary: 'Where TLJH is.', default: '/opt/tljh', helpValue: 'DIRECTORY'}),
    requirements: Flags.string({
      char: 'r',
      summary: 'What `pip freeze` wrote there, in place of the packages that are found.',
      helpValue: 'FILE',
    }),
    file: {...fileToWriteFlag, aliases: ['to'], summary: 'The settings file to write; --to is the same.'},
  }

  async run(): Promise<TljhImportResult> {
    const {flags} = await this.parse(ImportTljh)
    const context = this.context(flags)
    const result = await importTljh(context, {
      from: flags.from,
      requirements: flags.requirements,
      decode: (bytes, name) => decodeSettings(context, bytes, name),
    })
    const secret = await askImportedSecret(context, this.asker(flags), result)
    await this.show(renderTljhImport({...result, secret}))
    return {...result, secret}
  }
}
