import {Args} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImport} from '../../src/cli/render/render-import.js'
import {importZ2jh, type ImportResult} from '../../src/hub/import/import-z2jh.js'

export default class ImportZ2jh extends HubCommand {
  static override summary = 'Make a spec from the values of a Zero to JupyterHub chart.'
  static override examples = ['<%= config.bin %> import z2jh values.yaml --name physics']
  static override args = {values: Args.string({description: 'The values file.', required: true})}

  async run(): Promise<ImportResult> {
    const {args, flags} = await this.parse(ImportZ2jh)
    const result = await importZ2jh(this.context(flags), {values: args.values})
    await this.show(renderImport(result))
    return result
  }
}
