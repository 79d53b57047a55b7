// Lines of `{ simulation }` in, lines of `{ decision, ignored, error }` out, by the peer's public `runSimulation`.
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

// The peer is installed beside no file of this repository: its folder is the first argument.
const at = createRequire(process.argv[2] + '/').resolve('@cloud-copilot/iam-simulate')
const { runSimulation, anonymousPrincipal } = await import(pathToFileURL(at).href)

for await (const line of createInterface({ input: process.stdin })) {
  const simulation = JSON.parse(line)
  if (simulation.request.principal === null) simulation.request.principal = anonymousPrincipal
  let answer
  try {
    const response = await runSimulation(simulation, {})
    answer =
      response.resultType === 'error'
        ? { error: JSON.stringify(response.errors) }
        : { decision: response.overallResult, kind: response.resultType, ignored: response.result?.ignoredContextKeys ?? [] }
  } catch (thrown) {
    answer = { error: 'thrown: ' + thrown.message }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
