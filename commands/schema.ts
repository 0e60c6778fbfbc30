import {HubCommand} from '../src/cli/hub-command.js'
import {hubSpecJsonSchema} from '../src/hub-spec/hub-spec.js'

export default class Schema extends HubCommand {
  static override summary = 'Print the JSON Schema of jhub.yaml, for editors.'
  static override examples = ['<%= config.bin %> schema > jhub.schema.json']

  async run(): Promise<object> {
    await this.parse(Schema)
    const schema = hubSpecJsonSchema()
    await this.showFile(JSON.stringify(schema, undefined, 2))
    return schema
  }
}
